import type { Address, AuthId, BackupTarget, Fingerprint, Port } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface PbsStorageProps {
  readonly device: ProxmoxDevice;
  readonly target: BackupTarget;
  /** The backup server as the hypervisors reach it. */
  readonly server: { readonly address: Address; readonly port: Port; readonly fingerprint: Fingerprint };
  /** Token id on the backup server, `user@realm!name`. */
  readonly token: AuthId;
  /** Reference to the secret of that token. */
  readonly secret: string;
  /** Reference to the encryption key (JSON of the PBS key format). Absent: the backups are not encrypted. */
  readonly encryptionKey?: string;
  /** Refuse a plan that would remove or replace it: the hypervisor deletes its copy of the encryption key with the storage. */
  readonly protect: boolean;
}

/**
 * A namespace of a backup server as a storage of the hypervisors. Its creation makes the hypervisor log in to the backup server;
 * a later change does not, so a wrong secret shows only in the status of the storage. It prunes nothing: a hypervisor that may
 * delete backups is what an attacker looks for.
 */
export class PbsStorage extends RestObject {
  constructor(scope: Construct, props: PbsStorageProps) {
    const { device, server, token, secret, encryptionKey, protect } = props;
    const { storage: id, datastore, namespace } = props.target;
    super(scope, "storage", [id], {
      device,
      collection: "/storage",
      key: ["storage", id],
      body: {
        storage: id,
        type: "pbs",
        server: server.address,
        port: server.port,
        datastore,
        namespace: namespace || undefined,
        username: token,
        fingerprint: server.fingerprint,
        content: "backup",
        "prune-backups": "keep-all=1",
        disable: 0,
      },
      defaults: { disable: 0, port: 8007 },
      createOnly: ["storage", "type", "server", "datastore"],
      deletable: ["nodes", "namespace"],
      deleteAs: "string",
      witness: "content",
      // Read back as the key's fingerprint. Another key than ours is not ours to replace: backups may need it.
      expected: encryptionKey === undefined ? [] : ["encryption-key"],
      secrets: { password: secret, ...(encryptionKey === undefined ? {} : { "encryption-key": encryptionKey }) },
      protect,
    });
  }
}
