export * from "./environment";
export * from "./faults";
export * from "./objects";
export * from "./secret";
export * from "./site";
export * from "./values";
