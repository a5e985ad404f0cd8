import { createHash, timingSafeEqual } from "node:crypto";
import type { DeviceRequest } from "../device";
import { Refusal } from "./answers";
import type { Configuration } from "./state";

/** The account of the installer's default configuration. */
const ADMIN = { name: "admin", password: "pfsense" };

const REALM = { "www-authenticate": 'Basic realm="Login for pfSense REST API"' };

/**
 * Who calls. Basic is tried first, then the key, as `auth_methods` names them.
 * @param methods which are allowed; only Basic may ask for a new key
 * @throws Refusal 401
 */
export function authenticate(request: DeviceRequest, methods: readonly ("basic" | "key")[], { lists }: Configuration): string {
  const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
  if (methods.includes("basic") && scheme.toLowerCase() === "basic") {
    const [name, ...password] = Buffer.from(token, "base64").toString().split(":");
    if (name !== "" && password.join(":") !== "") {
      if (name === ADMIN.name && password.join(":") === ADMIN.password) return ADMIN.name;
      throw failed(REALM);
    }
  }
  const given = request.headers["x-api-key"] ?? "";
  if (methods.includes("key") && given !== "") {
    const owner = lists["REST API Key"].find(({ hash, hash_algo: algorithm }) => {
      const expected = Buffer.from(String(hash), "hex");
      const actual = createHash(String(algorithm)).update(given).digest();
      return expected.length === actual.length && timingSafeEqual(expected, actual);
    });
    if (owner !== undefined) return String(owner.username);
  }
  throw failed({});
}

const failed = (headers: Readonly<Record<string, string>>) =>
  new Refusal(401, "AUTH_AUTHENTICATION_FAILED", "Authentication failed.", headers);
