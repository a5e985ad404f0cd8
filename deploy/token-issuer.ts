import { backupServerClient, DeviceError } from "../live/client";
import { type Endpoint, Secret } from "../model";
import type { IssuedToken, TokenIssuer, TokenStanding } from "./handoff";

/**
 * The backup server that issues a token's secret.
 * @param credential the provisioning credential, `user@realm!name:secret`
 */
export function tokenIssuer(endpoint: Endpoint, credential: Secret, token: IssuedToken): TokenIssuer {
  return {
    async put(path, body) {
      const client = backupServerClient(endpoint, credential, token.backupServer);
      try {
        return await client.put(path, body);
      } finally {
        await client.close();
      }
    },
    standing: (secret) => standingOf(endpoint, token, secret),
  };
}

/** Every call needs a login; the permissions that a token sees of itself show whether its ACL is known already. */
async function standingOf(endpoint: Endpoint, token: IssuedToken, secret: Secret): Promise<TokenStanding> {
  const credential = Secret.of(`${token.user}!${token.name}:${secret.reveal()}`);
  const client = backupServerClient(endpoint, credential, token.backupServer);
  try {
    const permissions = (await client.get("/access/permissions")) as Record<string, Record<string, unknown>> | null;
    const rights = Object.values(permissions ?? {}).some((privileges) => Object.keys(privileges).length > 0);
    return rights ? "works" : "without rights";
  } catch (error) {
    if (!(error instanceof DeviceError)) throw error;
    if (error.status === 401) return "refused";
    if (error.status === 403) return "without rights";
    throw error;
  } finally {
    await client.close();
  }
}
