/** The folders are rooms; an import goes down or to the left, never up (docs/decisions/0001-layout.md). */
const rooms = {
  model: [],
  constructs: ["model"],
  stacks: ["constructs", "model"],
  firewall: [],
  policies: ["model", "firewall"],
  review: ["model", "firewall", "policies"],
  live: ["model", "firewall"],
  providers: ["model"],
  deploy: ["stacks", "policies", "live", "model", "providers"],
  lab: ["model/values", "model/index"],
  cli: ["model", "firewall", "constructs", "stacks", "policies", "review", "live", "deploy", "lab", "providers"],
  sites: ["model"],
};

module.exports = {
  forbidden: [
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `${room}-imports-only-below`,
      comment: `${room}/ may import ${allowed.join(", ") || "nothing of the project"}`,
      severity: "error",
      from: { path: `^${room}/` },
      to: {
        path: "^(model|firewall|constructs|stacks|policies|review|live|deploy|lab|cli|sites|providers|test)/",
        pathNot: `^(${[room, ...allowed].join("|")})(/|\\.ts$)`,
      },
    })),
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "model-does-no-io",
      comment: "the model is plain data and pure functions",
      severity: "error",
      from: { path: "^model/" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-library-by-one-name",
      comment: "cdktf is imported in constructs/core.ts only, so that changing the library is one line",
      severity: "error",
      from: { path: "^(stacks|deploy|cli|live|lab|model|policies|review|firewall)/|^constructs/(?!core\\.ts)" },
      to: { path: "node_modules/(cdktf|constructs)/" },
    },
  ],
  options: {
    doNotFollow: { path: ["node_modules", "\\.gen"] },
    exclude: { path: "\\.gen" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: "specify",
    enhancedResolveOptions: { extensions: [".ts", ".mjs", ".js", ".json"] },
  },
};
