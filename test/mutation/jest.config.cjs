/** The tests that must notice a change of a rule, of the policies' engine or of the review; the others would only take time. */
const { projects } = require("../../jest.config.cjs");
const { displayName, ...unit } = projects[0];

module.exports = {
  ...unit,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/{policies,review}/**/*.test.ts"],
};
