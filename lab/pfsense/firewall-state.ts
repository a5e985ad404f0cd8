import type { Model } from "./model";

/** Connections that the filter lets through. Nothing flows through the lab, so the list is empty; a DELETE still succeeds. */
export const firewallState = (): Model => ({
  name: "Firewall State",
  fields: [
    ..."interface protocol direction source destination state age expires_in".split(" "),
    ..."packets_total packets_in packets_out bytes_total bytes_in bytes_out".split(" "),
  ].map((name) => ({ name, type: "string", allowNull: true })),
});
