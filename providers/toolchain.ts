/** What brings the programs that Bastide drives. Nothing else of this folder is for other folders. */
export { type Engine, ensureEngine } from "./engine";
export type { ProgressLine, Report } from "./progress";
export { ensureProviders, type Providers } from "./provider-mirror";
