import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { loadIdentity } from "./identity";
import { openStore, type SecretStore } from "./store";

/** Where the secrets of one site and environment are, and the key that opens them. */
export interface SecretLocation {
  readonly site: string;
  readonly environment: string;
  /** Absolute. */
  readonly file: string;
  /** Used when no variable names a key; undefined where the user has no home directory. */
  readonly keyFile: string | undefined;
  /** The key is made on first use: only in the lab, where losing it loses nothing. */
  readonly createKey: boolean;
}

/**
 * In the lab both lie in its run directory and are thrown away with it. Elsewhere the secrets are committed beside the site,
 * and the key belongs to the person: `~/.config/bastide/age.key`.
 */
export function secretLocation(where: {
  readonly site: string;
  readonly environment: { readonly name: string; readonly kind: "lab" | "live" };
  /** Absolute; of the lab. */
  readonly runDir: string;
  /** Absolute. */
  readonly sitesDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}): SecretLocation {
  const { site, environment, runDir, sitesDir, env } = where;
  if (environment.kind === "lab") {
    const [file, keyFile] = [join(runDir, "secrets.age"), join(runDir, "age.key")];
    return { site, environment: environment.name, file, keyFile, createKey: true };
  }
  const home = env.HOME || homeOfUser();
  return {
    site,
    environment: environment.name,
    file: join(sitesDir, site, `secrets.${environment.name}.age`),
    keyFile: home === undefined ? undefined : join(home, ".config", "bastide", "age.key"),
    createKey: false,
  };
}

/** Finds the key and opens the store. A store whose key is lost gets no new one: it would open nothing. */
export async function openSecrets(
  location: SecretLocation,
  env: Readonly<Record<string, string | undefined>>,
): Promise<SecretStore> {
  const { site, environment, file, keyFile, createKey } = location;
  const createIfMissing = createKey && !existsSync(file);
  // A lab that has its own key keeps it: a key that somebody sets later for a client's site would not open it.
  const ownKey = createKey && keyFile !== undefined && existsSync(keyFile);
  const identity = await loadIdentity({ env: ownKey ? {} : env, defaultFile: keyFile, createIfMissing });
  return openStore({ file, identity, site, environment });
}

/** Undefined for a user without an entry in the system's list, as in many containers. */
function homeOfUser(): string | undefined {
  try {
    return homedir() || undefined;
  } catch {
    return undefined;
  }
}
