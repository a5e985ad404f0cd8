export { type SynthesizedStack, synthesize } from "./app";
export type { Layer } from "./site-stack";
