import type { Site } from "../site";
import type { AuthId } from "../values";

/** One right on a backup server. */
export interface AccessEntry {
  readonly backupServer: string;
  readonly path: string;
  readonly authId: AuthId;
  readonly role: string;
}

/** The user and the token that the hypervisor writes with. */
export function hypervisorAuthIds(site: Pick<Site, "access">): { readonly user: AuthId; readonly token: AuthId } {
  const { user, name } = site.access.hypervisorToken;
  return { user: user as AuthId, token: `${user}!${name}` as AuthId };
}

/**
 * The rights of the hypervisor's token on every datastore. Each stands twice, for the user and for the token, since PBS
 * grants a token only what its user has too: with one of them alone the storage stays inactive (ECO-07).
 */
export function accessEntries(site: Pick<Site, "access" | "backupServers">): readonly AccessEntry[] {
  const { user, token } = hypervisorAuthIds(site);
  return Object.entries(site.backupServers).flatMap(([backupServer, server]) =>
    Object.keys(server.datastores).flatMap((datastore) =>
      [user, token].map((authId) => ({
        backupServer,
        path: `/datastore/${datastore}`,
        authId,
        role: site.access.hypervisorToken.role,
      })),
    ),
  );
}
