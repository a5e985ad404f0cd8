/** Two projects: `unit` needs nothing but Node; `lab` starts processes: the embedded devices, the real engine, the launcher. */
const shared = {
  // Bundles under .bastide carry the name of the product, which would then stand for several packages.
  modulePathIgnorePatterns: ["<rootDir>/.bastide/", "<rootDir>/dist/"],
  transform: {
    "\\.[cm]?[jt]sx?$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  // Several dependencies are published as ES modules only; jest loads CommonJS, so they are transformed too.
  transformIgnorePatterns: [
    "/node_modules/(?!(age-encryption|@noble|@scure|execa|@sindresorhus|is-[^/]+|figures|get-stream|human-signals|npm-run-path|parse-ms|path-key|pretty-ms|strip-final-newline|unicorn-magic|yoctocolors)/)",
  ],
  moduleNameMapper: { "^bastide$": "<rootDir>/model/index.ts" },
};
/** Suites of single-process code stay in `unit`, so that it is done within a minute; these start programs and kill them. */
const processes = [
  "launcher/",
  "providers/interruption",
  "providers/provider-mirror",
  "deploy/secrets-processes",
  "deploy/engine-process",
  "deploy/site-loader",
  "deploy/ssh-signature",
  "cli/approvals",
];

module.exports = {
  // No test proves a speed; on a machine that does other things as well a slow one is still right.
  testTimeout: 60_000,
  // By default one core stays idle, which on a machine with two is half of it.
  maxWorkers: "100%",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", ...["lab/", "network/", ...processes].map((path) => `<rootDir>/test/${path}`)],
    },
    {
      ...shared,
      displayName: "lab",
      testMatch: ["lab/", "network/", ...processes].map(
        (path) => `<rootDir>/test/${path}${path.endsWith("/") ? "**/*" : "*"}.test.ts`,
      ),
    },
  ],
};
