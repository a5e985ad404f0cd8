import { createRequire } from "node:module";

/**
 * Loads a part of the bindings generator. On load it asks a vendor's service for news and runs `terraform version`;
 * here it finds neither.
 */
export function quietRequire(name) {
  // Asked again later, while it generates: so this one stays.
  process.env.CHECKPOINT_DISABLE = "1";
  const { PATH, TF_CLI_CONFIG_FILE } = process.env;
  Object.assign(process.env, { PATH: "", TF_CLI_CONFIG_FILE: "/dev/null" });
  try {
    return createRequire(import.meta.url)(name);
  } finally {
    for (const [variable, value] of Object.entries({ PATH, TF_CLI_CONFIG_FILE })) {
      if (value === undefined) delete process.env[variable];
      else process.env[variable] = value;
    }
  }
}
