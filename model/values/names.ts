import type { Branded } from "./brand";
import { type Parsed, throwing } from "./parsed";

/** Name of an entry in the secret store of an environment. The value itself never stands in a site file. */
export type SecretName = Branded<string, "SecretName">;

/** Reads the name of a secret: lower case, digits and `. _ @ -`, 2 to 64 characters. */
export function parseSecretName(text: string): Parsed<SecretName> {
  if (/^[a-z0-9][a-z0-9._@-]{1,63}$/.test(text)) return { value: text as SecretName };
  return {
    problem: {
      what: "this is no name of a secret",
      why: "a site file holds the name only, never the secret itself; the text is not repeated here in case it is one",
      repair: 'write a name like "smtp-password" and store the value with `./bastide secrets set`',
    },
  };
}

/** Reads the name of a secret or throws a `UserError`. */
export const secretName = throwing(parseSecretName, "secret name");

/** The id pattern that PBS uses for datastores, jobs, remotes and one part of a namespace (pbs-4.2.3 schema). */
export const PBS_ID = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Reads an id of PBS: 3 to 32 characters. @param noun for the fault: `datastore` */
export function parsePbsId(text: string, noun: string): Parsed<string> {
  if (PBS_ID.test(text) && text.length >= 3 && text.length <= 32) return { value: text };
  return {
    problem: {
      what: PBS_ID.test(text) ? `${noun} "${text}" has ${text.length} characters` : `"${text}" is no ${noun} name`,
      why: "Proxmox Backup Server takes 3 to 32 letters, digits, dots, underscores and hyphens, not beginning with a dot or hyphen",
      repair: `rename the ${noun}`,
    },
  };
}

/** Reads a namespace: parts of 1 to 32 characters with `/` between, at most 7 levels and 256 characters; "" is the root. */
export function parseNamespace(text: string): Parsed<string> {
  const parts = text === "" ? [] : text.split("/");
  const bad = parts.find((part) => !PBS_ID.test(part) || part.length > 32);
  if (bad === undefined && parts.length <= 7 && text.length <= 256) return { value: text };
  return {
    problem: {
      what:
        bad !== undefined
          ? `"${bad}" is no part of a namespace`
          : parts.length > 7
            ? `namespace "${text}" has ${parts.length} levels`
            : `namespace "${text}" has ${text.length} characters`,
      why: "Proxmox Backup Server takes at most 7 levels of 1 to 32 letters, digits, dots, underscores and hyphens, 256 characters in all",
      repair: 'write it like "critical" or "paris/critical"',
    },
  };
}
