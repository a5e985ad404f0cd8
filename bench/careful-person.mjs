/** What somebody does who has the engine and root modules in hand, and no Bastide. */
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { run } from "./processes.mjs";

/** In the order in which they must be applied. */
export const MODULES = ["backup-server", "hypervisor", "firewall"];

/**
 * @typedef {object} Person
 * @property {string} engine path of the engine
 * @property {string} cliConfigFile where the engine finds the providers
 * @property {string} folder holds a folder for each root module, with its state
 * @property {Readonly<Record<string, string>>} lab addresses and credentials, as `lab env` gives them
 * @property {string} fingerprint of the backup server's certificate
 * @property {{smtpPassword: string, encryptionKey: string}} secrets
 */

/** Copies the root modules to a folder without state. @param {{root: string, folder: string}} options */
export function copyModules({ root, folder }) {
  for (const module of MODULES) {
    mkdirSync(join(folder, module), { recursive: true });
    copyFileSync(join(root, "bench", "hcl", module, "main.tf"), join(folder, module, "main.tf"));
  }
}

/**
 * Brings fresh devices to the state of the modules: each in turn is initialized, planned, applied and planned again; in between,
 * the secret of the token is asked for. Does not look whether the devices then do what they should.
 * @param {Person} person
 * @returns {Promise<string>} the secret of the token
 */
export async function applyAll(person) {
  let storageSecret = "";
  for (const module of MODULES) {
    await engine(person, module, ["init", "-input=false"], storageSecret);
    await engine(person, module, ["plan", "-input=false", "-out=saved.plan"], storageSecret);
    await engine(person, module, ["apply", "-input=false", "saved.plan"], storageSecret);
    await engine(person, module, ["plan", "-input=false", "-detailed-exitcode"], storageSecret);
    if (module === "backup-server") storageSecret = await tokenSecret(person);
  }
  return storageSecret;
}

/** Plans each module in turn, and wants nothing to be left. @param {Person} person @param {string} storageSecret */
export async function planAll(person, storageSecret) {
  for (const module of MODULES) await engine(person, module, ["plan", "-input=false", "-detailed-exitcode"], storageSecret);
}

/** @param {Person} person */
async function engine({ engine: program, cliConfigFile, folder, lab, fingerprint, secrets }, module, args, storageSecret) {
  await run([program, ...args], {
    cwd: join(folder, module),
    env: {
      TF_CLI_CONFIG_FILE: cliConfigFile,
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      // The proxmox provider takes an authority from here only.
      SSL_CERT_FILE: lab.BASTIDE_LAB_CA,
      TF_VAR_ca_file: lab.BASTIDE_LAB_CA,
      TF_VAR_smtp_password: secrets.smtpPassword,
      ...VALUES[module]({ lab, fingerprint, secrets, storageSecret }),
    },
  });
}

const VALUES = {
  "backup-server": ({ lab }) => ({ TF_VAR_pbs_url: lab.BASTIDE_LAB_PBS_URL, TF_VAR_pbs_token: lab.BASTIDE_LAB_PBS_TOKEN }),
  hypervisor: ({ lab, fingerprint, secrets, storageSecret }) => ({
    TF_VAR_pve_url: lab.BASTIDE_LAB_PVE_URL,
    TF_VAR_pve_token: lab.BASTIDE_LAB_PVE_TOKEN,
    TF_VAR_pbs_fingerprint: fingerprint,
    TF_VAR_encryption_key: secrets.encryptionKey,
    TF_VAR_storage_secret: storageSecret,
  }),
  firewall: ({ lab }) => ({ TF_VAR_pfsense_url: lab.BASTIDE_LAB_PFSENSE_URL, TF_VAR_pfsense_key: lab.BASTIDE_LAB_PFSENSE_KEY }),
};

/** The server tells a token's secret once, when it makes a new one. @param {Person} person @returns {Promise<string>} */
async function tokenSecret({ lab }) {
  const { stdout } = await run(["curl", "--config", "-"], {
    // Not in the arguments, which every user of the machine sees.
    input: [
      "silent",
      "show-error",
      "fail",
      'request = "PUT"',
      `url = "${lab.BASTIDE_LAB_PBS_URL}/access/users/pve-backup@pbs/token/pve-token"`,
      `cacert = "${lab.BASTIDE_LAB_CA}"`,
      `header = "Authorization: PBSAPIToken=${lab.BASTIDE_LAB_PBS_TOKEN}"`,
      'header = "Content-Type: application/json"',
      'data = "{\\"regenerate\\":true}"',
    ].join("\n"),
  });
  return JSON.parse(stdout).data.secret;
}
