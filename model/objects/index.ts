/**
 * Which objects a site needs on its devices, with the names that identify them there.
 * Constructs create exactly these and the live checks look for exactly these, so a name is derived once, here.
 */
export * from "./access-entry";
export * from "./backup-target";
export * from "./firewall-flow";
export * from "./firewall-rule";
export * from "./jobs";
export * from "./names";
export * from "./required-secret";
