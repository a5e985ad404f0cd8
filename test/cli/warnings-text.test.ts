import pc from "picocolors";
import { warningsText } from "../../cli/warnings-text";
import type { SiteWarning } from "../../model";

const plain = pc.createColors(false);
const open: SiteWarning = {
  rule: "network.same-subnet",
  where: "backupServers.pbs",
  what: 'pbs is in the network "lan" like pve1',
  why: "traffic inside one subnet never passes the firewall",
  repair: "move pbs to a network of its own",
};
const acknowledged: SiteWarning = {
  ...open,
  acknowledged: {
    rule: open.rule,
    object: open.where,
    reason: "one subnet at the client's",
    owner: "WildCorp",
    expires: "2027-06-30",
    ticket: "T-42",
  },
};

describe("warnings", () => {
  it("shows an open one with its repair", () => {
    expect(warningsText([open], plain, "2027-01-01")).toBe(
      [
        '! backupServers.pbs: pbs is in the network "lan" like pve1',
        "    why:    traffic inside one subnet never passes the firewall",
        "    repair: move pbs to a network of its own",
      ].join("\n"),
    );
  });

  it("shows an acknowledged one with who did and why, and asks for nothing", () => {
    expect(warningsText([acknowledged], plain, "2027-06-30")).toBe(
      [
        '· backupServers.pbs: pbs is in the network "lan" like pve1',
        "    acknowledged (WildCorp, until 2027-06-30, T-42): one subnet at the client's",
      ].join("\n"),
    );
  });

  it("opens it again on the day after the acknowledgement has ended", () => {
    const text = warningsText([acknowledged], plain, "2027-07-01");
    expect(text).toMatch(/^! backupServers\.pbs/);
    expect(text).toContain("the acknowledgement of WildCorp ended on 2027-06-30: one subnet at the client's");
    expect(text).toContain("repair: move pbs to a network of its own");
  });
});
