export { type SynthesisProps, type SynthesizedStack, synthesize } from "./app";
export { describeAddress } from "./describe-address";
export { type Layer, stackId } from "./site-stack";
export type { DeviceReference, StackVariable, VariableSource } from "./stack-variable";
