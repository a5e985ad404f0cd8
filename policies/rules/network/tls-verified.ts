import { type Environment, member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { recordOf } from "../../engine/synthesized-stack";

export const tlsVerified: Rule = {
  sentence: "No connection of a deployment goes unencrypted or to a certificate that nobody verifies",
  model: ({ site, environment }) => {
    const state = site.environments[environment]?.state;
    return state === undefined || state.kind === "local"
      ? []
      : [judged(`${member("environments", environment)}.state`, openState(state))];
  },
  synthesized: ({ stacks }) =>
    stacks.flatMap(({ layer, configuration }) =>
      Object.entries(recordOf(configuration.provider)).flatMap(([name, blocks]) =>
        [blocks].flat().map((block) => {
          const found = openKey(block);
          return judged(
            `${layer} provider ${name}`,
            found === undefined ? undefined : `\`${found}\` switches the verification off`,
          );
        }),
      ),
    ),
};

function openState(state: Environment["state"]): string | undefined {
  if (state.kind === "http" && isPlain(state.address))
    return "the state goes over `http://`, where everybody on the way reads and changes it";
  if (state.kind === "s3" && isPlain(state.endpoint ?? ""))
    return "the state goes over `http://`, where everybody on the way reads and changes it";
  if (state.kind === "pg" && /[?&]sslmode=(?:disable|allow|prefer)\b/.test(state.connection))
    return "`sslmode` lets the connection go without encryption";
  return undefined;
}

const isPlain = (address: string): boolean =>
  address.startsWith("http://") && !/^http:\/\/(?:localhost\b|127\.|\[::1\])/.test(address);

/** The first key of a provider block by which it takes any certificate, or none at all. */
function openKey(block: unknown): string | undefined {
  if (typeof block !== "object" || block === null) return undefined;
  for (const [key, value] of Object.entries(block)) {
    const isOff = value === true || value === "true";
    if (isOff && /insecure|skip_(?:tls_)?verif/i.test(key)) return key;
    if ((value === false || value === "false") && /^(?:verify|tls_verify|ssl_verify|verify_ssl|verify_tls)$/i.test(key))
      return key;
    if (typeof value === "string" && isPlain(value) && /url|endpoint/i.test(key)) return key;
    const inner = openKey(value);
    if (inner !== undefined) return `${key}.${inner}`;
  }
  return undefined;
}
