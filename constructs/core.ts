/** What is used of the core library. The alias in package.json and these lines are all that a change of library touches. */

export type { ITerraformDependable, TerraformRemoteState } from "cdktf";
export { App, TerraformBackend, TerraformStack, TerraformVariable, Testing } from "cdktf";
export { Construct } from "constructs";
