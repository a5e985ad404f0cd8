import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Fault, type Secret, type StateBackend, UserError } from "../model";

const run = promisify(execFile);

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Checks that the process environment holds the credentials of the state's backend; they stand in no file of ours.
 * @throws UserError with all that is missing
 */
export function checkBackendCredentials(backend: StateBackend, variables: Variables): void {
  const faults = missingCredentials(backend, variables);
  if (faults.length > 0) throw new UserError(faults);
}

function missingCredentials(backend: StateBackend, variables: Variables): Fault[] {
  switch (backend.kind) {
    case "local":
      return [];
    case "pg":
      return postgres(backend.connection, variables);
    case "s3":
      return s3(variables);
    case "http":
      return missing(["TF_HTTP_USERNAME", "TF_HTTP_PASSWORD"], "http", variables);
  }
}

function postgres(connection: string, variables: Variables): Fault[] {
  if (/:\/\/[^/@]*:[^/@]*@|\bpassword\s*=/.test(connection)) {
    return [
      {
        where: "state.connection",
        what: "a password stands in the connection",
        why: "the site file is committed, and the engine keeps the connection in clear text",
        repair: "remove it there, change it on the server, and set PGPASSWORD or PGPASSFILE",
      },
    ];
  }
  const hasUser = /:\/\/[^/@]+@|\buser\s*=/.test(connection) || variables.PGUSER || variables.PGSERVICE;
  // A local socket and a client certificate identify the user without a password.
  const hasProof = [variables.PGPASSWORD, variables.PGPASSFILE, variables.PGSERVICE, variables.PGSSLCERT].some(Boolean);
  const byOtherMeans = /\bsslcert\s*=|\bhost\s*=\s*%2F|\bhost\s*=\s*\/|:\/\/(?:[^/@]*@)?\//.test(connection);
  const names = [...(hasUser ? [] : ["PGUSER"]), ...(hasProof || byOtherMeans ? [] : ["PGPASSWORD"])];
  return missing(names, "pg", variables);
}

function s3(variables: Variables): Fault[] {
  const alternatives = ["AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"];
  if (alternatives.some((name) => variables[name])) return [];
  return missing(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], "s3", variables);
}

function missing(names: readonly string[], kind: string, variables: Variables): Fault[] {
  return names
    .filter((name) => !variables[name])
    .map((name) => ({
      where: `variable ${name}`,
      what: `is not set, and the state lies on a backend of the kind "${kind}"`,
      why: "its credentials come from the process environment only",
      repair: `export ${name}=… before the command`,
    }));
}

/**
 * HCL for the engine's variable TF_ENCRYPTION: state and plan files are encrypted, and plain ones refused.
 * It holds the passphrase: hand it to the child's environment and keep it nowhere.
 */
export function encryptionSettings(passphrase: Secret): string {
  // The passphrase is random, so that the fewest rounds and the fastest hash that the engine takes are enough; the defaults
  // would cost a second of each call.
  return `key_provider "pbkdf2" "site" {
  passphrase    = ${quoted(passphrase.reveal())}
  iterations    = 200000
  hash_function = "sha256"
}
method "aes_gcm" "site" {
  keys = key_provider.pbkdf2.site
}
state {
  method   = method.aes_gcm.site
  enforced = true
}
plan {
  method   = method.aes_gcm.site
  enforced = true
}
`;
}

/** A text in HCL, where two sequences begin an expression. */
const quoted = (text: string): string => JSON.stringify(text).replace(/[$%](?=\{)/g, "$&$&");

/** What other users of the database see about this run, and what {@link postgresLockHolder} reads: at most 63 bytes. */
export const postgresApplicationName = (run: string): string => run.replace(/[^\x20-\x7e]/g, "?").slice(0, 63);

/**
 * Who holds the lock on a state in PostgreSQL. The engine cannot say it: the server keeps no more than the fact. The
 * sessions that hold advisory locks know it, and psql reads them, where it is installed.
 */
export async function postgresLockHolder(connection: string): Promise<string | undefined> {
  const query = `SELECT DISTINCT a.application_name || ' as ' || a.usename || coalesce(' from ' || a.client_addr, '') || ' since ' ||
    to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS') FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  try {
    const { stdout } = await run("psql", [connection, "-w", "-Atqc", query], { timeout: 5_000 });
    return stdout.trim().split("\n").filter(Boolean).join("; ") || undefined;
  } catch {
    return undefined;
  }
}
