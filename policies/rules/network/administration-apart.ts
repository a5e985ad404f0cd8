import { member, networkOf } from "../../../model";
import { judged, type Rule, unknown } from "../../engine/rule";

/** That of a backup server is the matter of its own network. */
export const administrationApart: Rule = {
  sentence: "No guest is in a network with the administration interface of a hypervisor",
  model: ({ site }) => {
    const guests = Object.entries(site.guests).flatMap(([name, { address }]) =>
      address === undefined ? [] : [{ name, network: networkOf(site.networks, address)?.network }],
    );
    return Object.entries(site.hypervisors).map(([name, { address }]) => {
      const where = member("hypervisors", name);
      // Where one guest at least is known, those without an address are taken to be with it.
      if (guests.length === 0) return unknown(where, "no guest has an address, so nobody knows here in which network they are");
      const network = networkOf(site.networks, address)?.network;
      const together = guests.filter((guest) => guest.network === network);
      const shown = together.slice(0, SHOWN).map((guest) => guest.name);
      const more = together.length > SHOWN ? ` and ${together.length - SHOWN} more guests` : "";
      return judged(
        where,
        together.length === 0 ? undefined : `it is in the network "${network}" like ${shown.join(", ")}${more}`,
      );
    });
  },
};

const SHOWN = 3;
