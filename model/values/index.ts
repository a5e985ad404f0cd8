/** Value objects. Each is a branded primitive, so that the model stays plain data; each has a parser and a constructor that throws. */
export * from "./address";
export * from "./auth-id";
export * from "./calendar-event";
export * from "./calendar-warning";
export * from "./cidr";
export * from "./data-rate";
export * from "./duration";
export * from "./fingerprint";
export * from "./guest-id";
export * from "./names";
export type { Parsed, Problem } from "./parsed";
export * from "./port";
export * from "./retention";
export * from "./schedule";
export { offsetAt, parseTimeZone, readableTime, timeZone } from "./time-zone";
export * from "./timeframe";
