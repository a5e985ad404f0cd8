import { ENCRYPTION_KEY, hypervisorTokenSecret, type Site } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { resourcesIn } from "../../engine/synthesized-stack";
import { provisioningCredentials } from "../../reading/provisioning-credential";
import { collectVariables, variablesIn } from "../../reading/variable-reference";

export const provisioningApart: Rule = {
  sentence: "No provisioning credential is used by what runs every day",
  model: ({ site, environment }) => {
    const running = runtimeSecrets(site);
    return provisioningCredentials(site, environment).map(({ where, credential }) => {
      const use = running.get(credential);
      return judged(where, use === undefined ? undefined : `"${credential}" is also ${use}`);
    });
  },
  synthesized: ({ stacks }) =>
    stacks.flatMap((stack) => {
      const sent = new Set<string>();
      for (const { attributes } of resourcesIn(stack)) {
        collectVariables(attributes.body, sent);
        collectVariables(attributes.ephemeral_body, sent);
      }
      return [...variablesIn(stack.configuration.provider)].map((name) =>
        judged(
          `${stack.layer} variable ${name}`,
          sent.has(name) ? "it opens the provider and is sent to an object as well" : undefined,
        ),
      );
    }),
};

/** The secrets that the devices themselves use, with their use. */
function runtimeSecrets(site: Site): ReadonlyMap<string, string> {
  const servers = Object.entries(site.backupServers);
  const { notifications } = site;
  return new Map([
    ...servers.map(([name]) => [hypervisorTokenSecret(site, name), `the hypervisor's token on ${name}`] as const),
    [ENCRYPTION_KEY, "the encryption key of the backups"],
    ...servers.flatMap(([, { remotes }]) =>
      Object.entries(remotes).map(([name, { secret }]) => [secret, `the password of the remote ${name}`] as const),
    ),
    ...(notifications?.smtp.secret === undefined
      ? []
      : [[notifications.smtp.secret, "the password of the mail server"] as const]),
  ]);
}
