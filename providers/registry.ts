import { pinnedProviders, registryHost } from "./versions";

const timeoutMs = 3_000;

/**
 * Address of the registry's provider service, or undefined when BASTIDE_REGISTRY=off.
 * BASTIDE_REGISTRY may name another one with the same protocol, such as a company's proxy.
 */
export function registryService(): string | undefined {
  const chosen = process.env.BASTIDE_REGISTRY;
  if (chosen === "off") return undefined;
  const service = chosen || `https://${registryHost}/v1/providers/`;
  return service.endsWith("/") ? service : `${service}/`;
}

/** True when the registry answers within 3 s and offers every pinned version. */
export async function registryOffers(service: string): Promise<boolean> {
  // Node's own fetch ignores the proxy variables. Loaded here, because it is needed once in the life of a cache.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent();
  const signal = AbortSignal.timeout(timeoutMs);
  const offers = async (source: string, version: string) => {
    const answer = await fetch(`${service}${source}/versions`, { dispatcher, signal });
    const { versions } = (await answer.json()) as { versions?: { version?: string }[] };
    return answer.ok && versions?.some((entry) => entry.version === version) === true;
  };
  try {
    const all = await Promise.all(pinnedProviders.map(({ source, version }) => offers(source, version)));
    return all.every(Boolean);
  } catch {
    return false;
  } finally {
    await dispatcher.destroy();
  }
}
