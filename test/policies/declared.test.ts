/** The rules of the second gate on what the library really writes: what they look at is there, and they find nothing wrong. */

import { recordOf } from "../../policies/engine/synthesized-stack";
import { BASTIDE } from "../../policies/packs/bastide";
import { siteWith } from "../model/base-site";
import { synthesizeSample } from "../stacks/samples";
import { declared, stacksOf } from "./declared";

const SITE = siteWith((input) => {
  input.guests.glpi.create = { cores: 2, memoryMiB: 2048, diskGiB: 16, diskStorage: "local-lvm", bridge: "vmbr0" };
  input.notifications = { smtp: { server: "smtp.example", from: "pbs@alpha.example" }, mailto: ["supervision@provider.example"] };
  input.backupServers.pbs.remotes = { away: { host: "vault.example", authId: "reader@pbs!alpha" } };
  input.backupServers.pbs.datastores.data.syncs = { all: { remote: "away", remoteDatastore: "vault" } };
});

const REAL = [...synthesizeSample(SITE).files].map(([layer, configuration]) => ({
  id: layer,
  layer,
  configuration: recordOf(configuration),
}));

test("what the tests of the rules call synthesized is like the real thing, key by key", () => {
  const made = declared(SITE);
  expect(Object.keys(made).length).toBeGreaterThan(12);
  for (const [index, stack] of stacksOf(SITE).entries()) {
    const real = REAL.find(({ layer }) => layer === stack.layer);
    expect([index, real?.configuration.resource]).toEqual([
      index,
      expect.objectContaining(partial(stack.configuration.resource)),
    ]);
  }
});

const partial = (types: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(recordOf(types)).map(([type, named]) => [type, expect.objectContaining(resources(named))]));

const resources = (named: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(recordOf(named)).map(([name, attributes]) => [name, like(attributes)]));

function like(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(like);
  if (typeof value !== "object" || value === null) return value;
  return expect.objectContaining(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, like(inner)])));
}

const SECOND_GATE = BASTIDE.filter(({ id, rule }) => /^(BKP|DET)-/.test(id) && rule.synthesized !== undefined);

test.each(SECOND_GATE.map((policy) => [policy.id, policy.rule] as const))(
  "%s has nothing against what Bastide makes",
  (_, rule) => {
    const verdicts = rule.synthesized?.({ site: SITE, environment: "lab", today: "2026-11-21", stacks: REAL }) ?? [];
    expect(verdicts.filter(({ state }) => state !== "compliant")).toEqual([]);
  },
);

test("those that judge every object see real ones", () => {
  const silent = SECOND_GATE.filter(
    ({ rule }) => rule.synthesized?.({ site: SITE, environment: "lab", today: "2026-11-21", stacks: REAL }).length === 0,
  );
  // These speak only of what differs from the site file.
  expect(silent.map(({ id }) => id)).toEqual(["BKP-010", "BKP-048", "DET-005"]);
});
