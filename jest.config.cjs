/** Two projects: `unit` needs nothing but Node; `lab` starts the embedded devices and the real engine. */
const shared = {
  // Bundles under .bastide carry the name of the product, which would then stand for several packages.
  modulePathIgnorePatterns: ["<rootDir>/.bastide/", "<rootDir>/dist/"],
  transform: { "\\.[cm]?[jt]sx?$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } }] },
  // Several dependencies are published as ES modules only; jest loads CommonJS, so they are transformed too.
  transformIgnorePatterns: ["/node_modules/(?!(age-encryption|@noble|@scure|execa|@sindresorhus|is-[^/]+|figures|get-stream|human-signals|npm-run-path|parse-ms|path-key|pretty-ms|strip-final-newline|unicorn-magic|yoctocolors|p-retry)/)"],
  moduleNameMapper: { "^bastide$": "<rootDir>/model/index.ts" },
};
module.exports = {
  projects: [
    { ...shared, displayName: "unit", testMatch: ["<rootDir>/test/**/*.test.ts"], testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/lab/", "<rootDir>/test/network/"] },
    { ...shared, displayName: "lab", testMatch: ["<rootDir>/test/lab/**/*.test.ts", "<rootDir>/test/network/**/*.test.ts"] },
  ],
};
