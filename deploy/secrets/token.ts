import * as z from "zod";
import { shaped } from "../../live/answers";
import { backupServerClient, type DeviceClient, DeviceError } from "../../live/client";
import { type Endpoint, Secret } from "../../model";

/** The token that the hypervisor writes backups with (`site.access.hypervisorToken`). */
export interface BackupToken {
  /** `pve-backup@pbs` */
  readonly user: string;
  /** `pve-token` */
  readonly name: string;
}

const ISSUED = z.object({ secret: z.string().min(1) });

/**
 * Has the backup server make a new secret for a token that exists. The one before it is refused from this moment on, and the
 * new one is told this once: store it before anything else.
 */
export async function issueTokenSecret(pbs: Pick<DeviceClient, "put">, token: BackupToken): Promise<Secret> {
  const path = `/access/users/${encodeURIComponent(token.user)}/token/${encodeURIComponent(token.name)}`;
  const answer = await pbs.put(path, { regenerate: true });
  return Secret.of(shaped(ISSUED, answer, `backup server PUT ${path}`).secret);
}

/**
 * Whether the backup server lets the token in with a secret. Says nothing of its rights.
 * @throws DeviceError when the server does not answer, or answers anything but yes or 401
 */
export async function tokenAccepted(endpoint: Endpoint, device: string, token: BackupToken, secret: Secret): Promise<boolean> {
  const client = backupServerClient(endpoint, Secret.of(`${token.user}!${token.name}:${secret.reveal()}`), device);
  try {
    await client.get("/version");
    return true;
  } catch (error) {
    if (error instanceof DeviceError && error.status === 401) return false;
    throw error;
  } finally {
    await client.close();
  }
}
