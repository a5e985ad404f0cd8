import type { TrafficControl as TrafficControlModel } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";

export interface TrafficControlProps {
  readonly device: ProxmoxDevice;
  readonly name: string;
  readonly control: TrafficControlModel;
  readonly comment: string;
}

/** A limit on what a backup server sends and receives, by network and hours. Wider than asked, it slows backups down. */
export class TrafficControl extends RestObject {
  constructor(scope: Construct, { device, name, control, comment }: TrafficControlProps) {
    super(scope, "traffic_control", [name], {
      device,
      collection: "/config/traffic-control",
      key: ["name", name],
      body: {
        name,
        network: control.networks,
        "rate-in": control.rateIn,
        "rate-out": control.rateOut,
        timeframe: control.timeframes.length > 0 ? control.timeframes : undefined,
        comment,
      },
      createOnly: ["name"],
      deletable: ["rate-in", "burst-in", "rate-out", "burst-out", "timeframe", "users"],
    });
  }
}
