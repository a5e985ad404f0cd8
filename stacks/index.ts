export { describeAddress } from "../constructs/construct-id";
export { type SynthesisProps, type SynthesizedStack, synthesize } from "./app";
export { type Layer, stackId } from "./site-stack";
export type { DeviceReference, StackVariable, VariableSource } from "./stack-variable";
