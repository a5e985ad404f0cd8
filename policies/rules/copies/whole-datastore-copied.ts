import { compliant, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { OPEN, textOf } from "../../reading/device-value";
import { placeOf, syncsOf } from "./syncs-of";

/** Keys by which a sync job copies less than everything: some namespaces, groups or snapshots. */
const NARROWING = ["ns", "remote-ns", "max-depth", "group-filter", "transfer-last", "encrypted-only", "verified-only"];

export const wholeDatastoreCopied: Rule = {
  sentence: "Every sync job copies the whole datastore: all namespaces, groups and snapshots",
  synthesized: ({ site, stacks }) => {
    const layers = new Set(stacks.map(({ layer }) => layer));
    const jobs = synthesizedAt(stacks, "/config/sync");
    const judgedJobs = jobs.map((job): Verdict => {
      const keys = NARROWING.filter((key) => isSet(job.body[key]));
      const id = textOf(job.body.id) ?? "without a name";
      const where = placeOf(site, job)?.where ?? job.label;
      const sure = keys.filter((key) => job.body[key] !== OPEN);
      if (sure.length > 0) return violation(where, `the sync job "${id}" is narrowed by ${sure.join(", ")}`);
      if (keys.length > 0)
        return unknown(where, `how ${keys.join(", ")} narrows the sync job "${id}" is known only on the devices`);
      return compliant(where);
    });
    const made = new Set(jobs.map((job) => placeOf(site, job)?.where));
    const missing = layers.has("backup-server") ? syncsOf(site).filter(({ where }) => !made.has(where)) : [];
    return [...judgedJobs, ...missing.map(({ where }) => violation(where, "nothing makes its sync job"))];
  },
};

/** A switch that is off and an empty list narrow nothing. */
const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && value !== "" && !(Array.isArray(value) && value.length === 0);
