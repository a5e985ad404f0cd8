import type { Remote as RemoteModel } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface RemoteProps {
  readonly device: ProxmoxDevice;
  readonly name: string;
  readonly remote: RemoteModel;
  readonly comment: string;
  /** Reference to the password or token secret on the other server. */
  readonly password: string;
}

/** Another backup server that this one copies from or to. */
export class Remote extends RestObject {
  constructor(scope: Construct, { device, name, remote, comment, password }: RemoteProps) {
    super(scope, "remote", [name], {
      device,
      collection: "/config/remote",
      key: ["name", name],
      body: {
        name,
        host: remote.host,
        port: remote.port,
        "auth-id": remote.authId,
        fingerprint: remote.fingerprint,
        comment,
      },
      createOnly: ["name"],
      deletable: ["fingerprint", "use-node-proxy"],
      secrets: { password },
    });
  }
}
