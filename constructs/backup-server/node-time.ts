import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface NodeTimeProps {
  readonly device: ProxmoxDevice;
  /** IANA name. */
  readonly timeZone: string;
}

const PATH = "/nodes/localhost/time";

/** The zone in which a backup server reads its schedules. It stays as it is when the stack is destroyed: a node always has one. */
export class NodeTime extends RestObject {
  constructor(scope: Construct, { device, timeZone }: NodeTimeProps) {
    const body = { timezone: timeZone };
    super(scope, "node_time", [], {
      device,
      collection: PATH,
      objectPath: PATH,
      key: ["timezone", timeZone],
      select: "data",
      methods: { create: "PUT", delete: "PUT" },
      body,
      deleteBody: body,
    });
  }
}
