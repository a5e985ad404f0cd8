import type { ObjectChange } from "../../deploy/changes";
import type { Deployment } from "../../deploy/deployment";
import { refuseLoss } from "../../deploy/loss-guard";
import type { LayerPlan } from "../../deploy/plan";
import { UserError } from "../../model";

const deployment = (protectData: boolean) =>
  ({ options: { environment: { protectData }, site: { name: "ecosolar" } } }) as unknown as Deployment;

function plan(action: ObjectChange["action"], address: string): LayerPlan {
  const change: ObjectChange = { layer: "backup-server", address, construct: address, action, fields: [], onlyRepeats: false };
  return { layer: "backup-server", changes: [change] } as unknown as LayerPlan;
}

describe("what holds data or keys", () => {
  test.each([
    ["delete", "restful_resource.datastore__pbs__store"],
    ["replace", "restful_resource.datastore__pbs__store"],
    ["delete", "restful_resource.namespace__pbs__store__critical"],
    ["delete", "restful_resource.storage__pbs-backup-critical"],
    ["delete", "proxmox_virtual_environment_vm.guest__ad"],
  ] as const)("is not taken away by an apply: %s %s", (action, address) => {
    const refuse = () => refuseLoss(deployment(true), [plan(action, address)]);
    expect(refuse).toThrow(UserError);
    expect(refuse).toThrow(`the plan would ${action} it`);
  });

  test.each([
    ["update", "restful_resource.datastore__pbs__store"],
    ["create", "restful_resource.datastore__pbs__store"],
    ["delete", "restful_resource.prune__pbs__store"],
    ["delete", "proxmox_virtual_environment_pool.pool__critical"],
  ] as const)("is not touched by %s %s", (action, address) => {
    expect(() => refuseLoss(deployment(true), [plan(action, address)])).not.toThrow();
  });

  test("may go where the environment does not protect it, as in the lab", () => {
    expect(() => refuseLoss(deployment(false), [plan("delete", "restful_resource.datastore__pbs__store")])).not.toThrow();
  });
});
