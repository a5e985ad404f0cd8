import { defineSite } from "../../model";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";
import { resourcesOf, sampleEnvironment, synthesizeAnew, synthesizeSample } from "../stacks/samples";
import { WIDE_SITE } from "../stacks/wide-site";
import { ApiSchema, firewallFaults, schemasArePresent } from "./api-schema";
import { requestsOf } from "./requests";

/** Without the products' descriptions beside the repository there is nothing to compare with. */
const described = schemasArePresent ? describe : describe.skip;

const SITES = { ecosolar, atelier, wide: defineSite(WIDE_SITE) };
const PRODUCTS = { "backup-server": "pbs-4.2.3.json", hypervisor: "pve-9.1.8.json" } as const;

described("every request that a construct declares is one that the real product takes", () => {
  const cases = Object.entries(SITES).flatMap(([name, site]) =>
    (["lab", "live"] as const).map((kind) => [name, kind, site] as const),
  );
  describe.each(cases)("%s in a %s environment", (_name, kind, site) => {
    const synthesis = synthesizeAnew(site, sampleEnvironment(site, { kind }));

    it.each(Object.entries(PRODUCTS))("on a %s", (layer, file) => {
      const schema = new ApiSchema(file);
      const faults = [...resourcesOf(synthesis, layer as keyof typeof PRODUCTS)]
        .filter(([address]) => address.startsWith("restful_resource."))
        .flatMap(([address, block]) => {
          const { create, update, remove } = requestsOf(block);
          // Nothing of a namespace can be changed: every key replaces it, so its update is never sent.
          const updates = block.force_new_attrs && Object.keys(update.body).length === 0 ? [] : [update];
          return [create, ...updates, remove].flatMap((request) =>
            schema.faults(request).map((fault) => `${address}: ${request.method} ${request.path}: ${fault}`),
          );
        });
      expect(faults).toEqual([]);
    });
  });

  it("on a firewall", () => {
    const faults = [...resourcesOf(synthesizeSample(ecosolar), "firewall")].flatMap(([address, block]) => {
      if (!address.startsWith("restful_resource.")) return [];
      const { create, update } = requestsOf(block);
      const model = address.includes(".alias") ? "FirewallAlias" : "FirewallRule";
      return [create, update].flatMap(({ body }) => firewallFaults(model, body).map((fault) => `${address}: ${fault}`));
    });
    expect(faults).toEqual([]);
  });
});

described("the comparison with the products' descriptions", () => {
  const pbs = schemasArePresent ? new ApiSchema("pbs-4.2.3.json") : undefined;
  const job = { id: "store-prune", store: "store", schedule: "daily" };
  const post = { method: "POST", path: "/config/prune", query: {} };
  const put = { method: "PUT", path: "/config/prune/store-prune", query: {} };

  it.each([
    ["an unknown key", { ...post, body: { ...job, keep: 1 } }, ["keep: unknown"]],
    ["a missing key", { ...post, body: { id: "store-prune", store: "store" } }, ["schedule: missing"]],
    ["a number as text", { ...post, body: { ...job, "keep-daily": "7" } }, ["keep-daily: not an integer"]],
    ["a number below the limit", { ...post, body: { ...job, "keep-daily": 0 } }, ["keep-daily: 0 out of range"]],
    ["an id that breaks the pattern", { ...post, body: { ...job, id: "-prune" } }, ['id: "-prune" does not match']],
    ["a key that cannot be removed", { ...put, body: { delete: ["store"] } }, ['delete: "store" is not in the enumeration']],
    ["a call that does not exist", { ...post, path: "/config/prunes", body: job }, ["no call POST /config/prunes"]],
  ])("finds %s", (_name, request, faults) => {
    expect(pbs?.faults(request)).toEqual(faults);
  });

  it("finds a fixed key of Proxmox VE among those to remove", () => {
    const body = { delete: "nodes,storage" };
    expect(new ApiSchema("pve-9.1.8.json").faults({ method: "PUT", path: "/storage/pbs", query: {}, body })).toEqual([
      "delete: storage cannot be removed",
    ]);
  });

  it("finds what the firewall refuses", () => {
    expect(firewallFaults("FirewallAlias", { name: "a", type: "planet", address: "1.2.3.4", color: 1 })).toEqual([
      "type: not one of host, network, port",
      "address: an array",
      "color: unknown",
    ]);
  });
});
