/** Plan and apply of the example in the lab, against the bare engine on root modules that are written by hand. */
import { randomUUID } from "node:crypto";
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "../../build.mjs";
import { applyAll, copyModules, planAll } from "../careful-person.mjs";
import { median, time } from "../figures.mjs";
import { inTurn, run } from "../processes.mjs";
import { EXAMPLE } from "../sites.mjs";

const BAR = 1.3;
/** Each apply takes many seconds, and devices that wait blur less than processes that compete. */
const MOST_APPLIES = 3;

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function plan(bench) {
  return await inLab(bench, async (lab) => {
    bench.report("the bare engine applies, to have a state");
    const person = await lab.freshPerson();
    const storageSecret = await applyAll(person);
    bench.report("Bastide applies, to have one of the same objects");
    await lab.reset();
    await lab.bastide("apply");
    // The devices are new ones with the same objects: their addresses and certificates are others.
    const samePerson = { ...person, ...(await lab.devices()) };
    const subjects = {
      bastide: () => lab.bastide("plan"),
      bare: () => timed(() => planAll(samePerson, storageSecret)),
    };
    await subjects.bare();
    const runs = await inTurn(bench.repetitions, subjects, bench.report);
    return [figure("plan of EcoSolar, nothing to change (3 root modules)", runs)];
  });
}

/** @param {import("../run.mjs").Bench} bench @returns {Promise<import("../figures.mjs").Figure[]>} */
export async function apply(bench) {
  return await inLab(bench, async (lab) => {
    const subjects = {
      bastide: async () => {
        await lab.reset();
        return await lab.bastide("apply");
      },
      bare: async () => {
        await lab.reset();
        const person = await lab.freshPerson();
        return await timed(() => applyAll(person));
      },
    };
    const runs = await inTurn(Math.min(bench.repetitions, MOST_APPLIES), subjects, bench.report);
    return [figure("apply of EcoSolar from nothing (Bastide also hands over, proves)", runs)];
  });
}

function figure(what, runs) {
  const ms = (name) => median(runs[name].map((result) => result.ms));
  return { what, product: time(ms("bastide")), reference: time(ms("bare")), ratio: ms("bastide") / ms("bare"), bar: BAR };
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return { ms: performance.now() - begin };
}

/** Runs work with a lab of its own, which is gone afterwards. */
async function inLab(bench, work) {
  const sites = bench.folder("sites-lab");
  cpSync(join(bench.root, "sites", EXAMPLE.name), join(sites, EXAMPLE.name), { recursive: true });
  const dist = bench.folderInRepository("dist-tools");
  await build({ libraries: { toolchain: "providers/toolchain.ts", key: "deploy/secrets/encryption-key.ts" }, dist });
  const load = (name) => import(pathToFileURL(join(dist, `${name}.mjs`)).href);
  const { ensureEngine, ensureProviders } = await load("toolchain");
  const { generateEncryptionKey } = await load("key");
  const program = await ensureEngine(() => undefined);
  const { cliConfigFile } = await ensureProviders(program, () => undefined);
  const bastide = (...args) => run([join(bench.root, "bastide"), ...args, EXAMPLE.name, "--env", "lab", "--sites", sites]);
  let people = 0;

  const lab = {
    bastide,
    /** New devices that know nothing, and nothing that remembers the old ones. */
    async reset() {
      await bastide("lab", "reset");
      rmSync(join(sites, ".bastide", EXAMPLE.name), { recursive: true, force: true });
      await bastide("lab", "up");
    },
    async devices() {
      const up = JSON.parse((await bastide("lab", "up", "--json")).stdout);
      const addresses = JSON.parse((await bastide("lab", "env", "--json")).stdout);
      return { lab: addresses, fingerprint: up.devices[1].fingerprint };
    },
    /** Somebody with modules and no state, in front of the devices as they are. */
    async freshPerson() {
      const folder = bench.folder(`modules-${people++}`);
      copyModules({ root: bench.root, folder });
      const secrets = { smtpPassword: randomUUID(), encryptionKey: generateEncryptionKey().file.reveal() };
      return { engine: program.path, cliConfigFile, folder, secrets, ...(await lab.devices()) };
    },
  };
  try {
    await lab.reset();
    return await work(lab);
  } finally {
    await bastide("lab", "reset");
  }
}
