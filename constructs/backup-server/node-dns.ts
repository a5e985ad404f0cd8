import type { Site } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface NodeDnsProps {
  readonly device: ProxmoxDevice;
  readonly dns: Site["dns"];
}

const PATH = "/nodes/localhost/dns";

/** Name resolution of a backup server. It stays as it is when the stack is destroyed, or the node could resolve no name. */
export class NodeDns extends RestObject {
  constructor(scope: Construct, { device, dns }: NodeDnsProps) {
    const body = { search: dns.domain, dns1: dns.servers[0], dns2: dns.servers[1], dns3: dns.servers[2] };
    super(scope, "node_dns", [], {
      device,
      collection: PATH,
      objectPath: PATH,
      key: ["search", dns.domain],
      select: "data",
      methods: { create: "PUT", delete: "PUT" },
      body,
      deletable: ["dns1", "dns2", "dns3"],
      witness: "search",
      deleteBody: body,
    });
  }
}
