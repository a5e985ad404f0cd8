import { Operation } from "../../.gen/providers/restful/operation";
import type { Construct } from "../core";
import type { RestDevice } from "../rest-object";

/**
 * Makes the firewall act on its configuration once more when everything that depends on this is gone: its deletions of rules
 * and aliases change the configuration only.
 */
export class FirewallApply extends Operation {
  constructor(scope: Construct, device: RestDevice) {
    const mutex = [{ mutex: device.mutex }];
    super(scope, "firewall_apply", {
      provider: device.provider,
      path: "/firewall/apply",
      method: "POST",
      body: { async: false },
      deletePath: "/firewall/apply",
      deleteMethod: "POST",
      deleteBody: { async: false },
      precheck: mutex,
      precheckDelete: mutex,
    });
  }
}
