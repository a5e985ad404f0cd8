import type { VerifyJob as VerifyJobModel } from "../../model";
import type { Construct } from "../core";
import type { ProxmoxDevice } from "../proxmox/proxmox-device";
import { RestObject } from "../rest-object";
import type { Datastore } from "./datastore";

/** Levels below the root namespace; also the most that the device accepts. */
const ALL_NAMESPACES = 7;

export interface VerifyJobProps {
  readonly device: ProxmoxDevice;
  readonly job: VerifyJobModel;
  readonly comment: string;
  readonly datastore: Datastore;
}

/** Reads back every backup of a datastore, in all its namespaces: at first, and again when the last proof is too old. */
export class VerifyJob extends RestObject {
  constructor(scope: Construct, { device, job, comment, datastore }: VerifyJobProps) {
    super(scope, "verify_job", [job.datastore], {
      device,
      collection: "/config/verify",
      key: ["id", job.id],
      body: {
        id: job.id,
        store: job.datastore,
        schedule: job.schedule,
        "ignore-verified": true,
        "outdated-after": job.againAfterDays,
        "max-depth": ALL_NAMESPACES,
        comment,
      },
      defaults: { "ignore-verified": true, "max-depth": ALL_NAMESPACES },
      createOnly: ["id"],
      deletable: ["ns"],
      dependsOn: [datastore],
    });
  }
}
