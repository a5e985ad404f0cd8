/**
 * The lab's stand-in for the client's network: which loopback address answers for an address of the site.
 * A device of the lab connects only through this table, so that no packet ever leaves the machine.
 */
export interface LabNetwork {
  /** `192.168.100.220:8007` -> `127.0.0.1:40001`; undefined where nothing stands at that address. Loopback maps to itself. */
  locate(host: string, port: number): { readonly host: string; readonly port: number } | undefined;
}

/** @param table keys and values are `host:port` */
export function labNetwork(table: Readonly<Record<string, string>>): LabNetwork {
  return {
    locate(host, port) {
      if (host === "127.0.0.1" || host === "localhost" || host === "::1") return { host, port };
      const found = table[`${host}:${port}`];
      if (found === undefined) return undefined;
      const at = found.lastIndexOf(":");
      return { host: found.slice(0, at), port: Number(found.slice(at + 1)) };
    },
  };
}
