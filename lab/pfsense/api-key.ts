import { createHash, randomBytes } from "node:crypto";
import type { Model } from "./model";

/** A key for `X-API-Key`. It is shown once, at its creation; the firewall keeps only its hash. */
export const apiKey = (): Model => ({
  name: "REST API Key",
  alwaysApply: true,
  fields: [
    { name: "descr", type: "string", default: "", allowEmpty: true, maximumLength: 128 },
    { name: "username", type: "string", default: "", allowEmpty: true, readOnly: true },
    { name: "hash_algo", type: "string", default: "sha256", choices: ["sha256", "sha384", "sha512"] },
    { name: "length_bytes", type: "integer", default: 24, choices: [16, 24, 32, 64] },
    { name: "hash", type: "string", allowNull: true, hidden: true },
    { name: "key", type: "string", allowNull: true, representationOnly: true },
  ],
  checks: { username: (_value, _values, { user }) => user },
  beforeCreate: (values) => {
    const key = randomBytes(Number(values.length_bytes)).toString("hex");
    values.key = key;
    values.hash = createHash(String(values.hash_algo)).update(key).digest("hex");
  },
});
