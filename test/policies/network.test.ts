import type { Verdict } from "../../policies/engine/rule";
import { administrationApart } from "../../policies/rules/network/administration-apart";
import { backupNetwork } from "../../policies/rules/network/backup-network";
import { bothFamilies } from "../../policies/rules/network/both-families";
import { filteredInPath } from "../../policies/rules/network/filtered-in-path";
import { filteredOnHost } from "../../policies/rules/network/filtered-on-host";
import { mailEncrypted } from "../../policies/rules/network/mail-encrypted";
import { onlyClientsReach } from "../../policies/rules/network/only-clients-reach";
import { remotePinned } from "../../policies/rules/network/remote-pinned";
import { rulesFirst } from "../../policies/rules/network/rules-first";
import { storagePinned } from "../../policies/rules/network/storage-pinned";
import { tlsVerified } from "../../policies/rules/network/tls-verified";
import { addServer, type Loose, siteWith } from "../model/base-site";
import { inBoth, inFiles, inPlan, type Objects, synthesizedFrom } from "./device-objects";
import { applies, faultsOf, repairsOf } from "./judge";

const base = siteWith(() => undefined);
const PRINT = Array.from({ length: 32 }, (_, index) => (index + 100).toString(16)).join(":");
const withoutFirewall = (input: Loose) => {
  delete input.firewall;
  delete input.environments.live.devices.firewall;
};

describe(filteredInPath.sentence, () => {
  const together = (input: { backupServers: { pbs: { address: string } } }) => {
    input.backupServers.pbs.address = "10.1.0.20";
  };

  test("a backup server in a network of its own is behind the firewall", () => {
    expect(
      faultsOf(
        filteredInPath,
        siteWith(() => undefined),
      ),
    ).toEqual([]);
  });

  test("one in the subnet of the hypervisors is not", () => {
    expect(faultsOf(filteredInPath, siteWith(together))).toEqual([
      'backupServers.pbs: pbs is in the network "lan" like pve1, pve2, admin',
    ]);
  });

  test("each server is judged by its own network, and may move or filter by itself", () => {
    const site = siteWith((input) => addServer(input, "10.1.0.21"));
    expect(faultsOf(filteredInPath, site)).toEqual([
      'backupServers.second: second is in the network "lan" like pve1, pve2, admin',
    ]);
    expect(repairsOf(filteredInPath, site)).toEqual([
      "move second to a network of its own (a backup VLAN), or filter on second itself and declare `hostFirewall: true`",
    ]);
  });

  test("unless it filters by itself", () => {
    const site = siteWith((input) => {
      together(input);
      input.backupServers.pbs.hostFirewall = true;
    });
    expect(faultsOf(filteredInPath, site)).toEqual([]);
  });

  test("without a firewall there is no rule that could be mistaken for protection", () => {
    const site = siteWith((input) => {
      together(input);
      delete input.firewall;
      delete input.environments.live.devices.firewall;
    });
    expect(applies(filteredInPath, site)).toBe(false);
  });
});

describe(storagePinned.sentence, () => {
  test.each<[string, unknown, string[]]>([
    ["32 pairs", PRINT, []],
    ["upper case", PRINT.toUpperCase(), []],
    ["31 pairs", PRINT.slice(3), ["hypervisor storage: its `fingerprint` is not 32 pairs of hexadecimal digits with colons"]],
    ["33 pairs", `${PRINT}:aa`, ["hypervisor storage: its `fingerprint` is not 32 pairs of hexadecimal digits with colons"]],
    [
      "no colons",
      PRINT.replaceAll(":", ""),
      ["hypervisor storage: its `fingerprint` is not 32 pairs of hexadecimal digits with colons"],
    ],
    ["nothing", undefined, ["hypervisor storage: it has no `fingerprint`"]],
    ["an empty text", "", ["hypervisor storage: it has no `fingerprint`"]],
  ])("%s", (_, fingerprint, expected) => {
    expect(inBoth(storagePinned, ({ hypervisor }) => (hypervisor.storage.body.fingerprint = fingerprint))).toEqual(expected);
  });

  test("one that comes with the apply is unknown in the plan", () => {
    const later = ({ hypervisor }: Objects) => (hypervisor.storage.body.fingerprint = "${data.x.fingerprint}");
    expect(inFiles(storagePinned, later)).toEqual([]);
    expect(inPlan(storagePinned, later)).toEqual(["hypervisor storage: unknown: fingerprint: known only after the apply"]);
  });
});

describe(remotePinned.sentence, () => {
  const withRemote = (fingerprint?: string) =>
    siteWith((input) => {
      input.backupServers.pbs.remotes = { south: { host: "south.example", authId: "a@pbs!b", fingerprint } };
    });
  const remote = (objects: Objects) => (objects["backup-server"].south = { path: "/config/remote", body: { name: "south" } });

  test("in the site file, where it is told once", () => {
    expect(faultsOf(remotePinned, withRemote(PRINT))).toEqual([]);
    expect(faultsOf(remotePinned, withRemote())).toEqual([
      "backupServers.pbs.remotes.south.fingerprint: any certificate that names south.example is taken",
    ]);
    expect(inBoth(remotePinned, remote, withRemote())).toEqual([]);
  });

  test("not where an override takes it away", () => {
    expect(inBoth(remotePinned, remote, withRemote(PRINT))).toEqual(["backup-server south: it has no `fingerprint`"]);
    const pinned = (objects: Objects) => (remote(objects).body = { name: "south", fingerprint: PRINT } as Loose);
    expect(inBoth(remotePinned, pinned, withRemote(PRINT))).toEqual([]);
    const empty = (objects: Objects) => (remote(objects).body = { name: "south", fingerprint: "" } as Loose);
    expect(inBoth(remotePinned, empty, withRemote(PRINT))).toEqual(["backup-server south: it has no `fingerprint`"]);
  });

  test("not where an override adds a remote that the site file does not know", () => {
    expect(inBoth(remotePinned, remote)).toEqual(["backup-server south: it has no `fingerprint`"]);
  });
});

describe(tlsVerified.sentence, () => {
  const found = (block: Loose) => {
    const stacks = synthesizedFrom({ hypervisor: {} }, { hypervisor: { provider: { p: [block] } } });
    const verdicts: readonly Verdict[] =
      tlsVerified.synthesized?.({ site: base, environment: "live", today: "2026-11-21", stacks }) ?? [];
    return verdicts.map((verdict) => (verdict.state === "compliant" ? "" : verdict.what));
  };

  test.each([
    { endpoint: "https://127.0.0.1:8006/", api_token: "${var.pve_token}" },
    { insecure: false },
    { base_url: "http://127.0.0.1:8006" },
    { verify_tls: true },
    { no_verify: false },
    { verify_depth: false },
    { comment: "http://wiki.example" },
    { base_url: "https://proxy.example/?to=http://10.1.0.10" },
    { client: null },
    { client: { certificates: [], root_ca_certificate_files: ["${var.ca}"] } },
  ])("%p", (block) => {
    expect(found(block)).toEqual([""]);
  });

  test.each<[Loose, string]>([
    [{ insecure: true }, "insecure"],
    [{ insecure: "true" }, "insecure"],
    [{ client: { tls_insecure_skip_verify: true } }, "client.tls_insecure_skip_verify"],
    [{ client: { skip_verify: true } }, "client.skip_verify"],
    [{ verify_ssl: false }, "verify_ssl"],
    [{ verify: "false" }, "verify"],
    [{ base_url: "http://10.1.0.10:8006" }, "base_url"],
  ])("not %p", (block, key) => {
    expect(found(block)).toEqual([`\`${key}\` switches the verification off`]);
  });

  test("the provider is named that does it", () => {
    const stacks = synthesizedFrom({ hypervisor: {} }, { hypervisor: { provider: { proxmox: [{ insecure: true }] } } });
    const context = { site: base, environment: "live", today: "2026-11-21", stacks };
    expect(tlsVerified.synthesized?.(context)).toMatchObject([{ object: "hypervisor provider proxmox" }]);
  });

  const PLAIN = "the state goes over `http://`, where everybody on the way reads and changes it";
  const OPEN = "`sslmode` lets the connection go without encryption";

  test.each<[Loose, string | undefined]>([
    [{ kind: "http", address: "https://state.example/x" }, undefined],
    [{ kind: "http", address: "http://state.example/x" }, PLAIN],
    [{ kind: "http", address: "http://127.0.0.1:8080/x" }, undefined],
    [{ kind: "s3", bucket: "b", prefix: "p", region: "r" }, undefined],
    [{ kind: "s3", bucket: "b", prefix: "p", region: "r", endpoint: "http://s3.example" }, PLAIN],
    [{ kind: "pg", connection: "postgres://db.example/x?sslmode=verify-full", schema: "s" }, undefined],
    [{ kind: "pg", connection: "postgres://db.example/x?sslmode=disable", schema: "s" }, OPEN],
    [{ kind: "pg", connection: "postgres://db.example/x?a=b&sslmode=prefer", schema: "s" }, OPEN],
  ])("state %p", (state, what) => {
    const site = siteWith((input) => (input.environments.live.state = state));
    expect(faultsOf(tlsVerified, site)).toEqual(what === undefined ? [] : [`environments.live.state: ${what}`]);
  });
});

test("state in files beside the run goes over no connection", () => {
  expect(applies(tlsVerified, base)).toBe(false);
});

describe(mailEncrypted.sentence, () => {
  const withMode = (mode: string, more: Loose = {}) =>
    siteWith((input) => {
      input.notifications = {
        smtp: { server: "mail.example", from: "a@mail.example", mode, ...more },
        mailto: ["b@mail.example"],
      };
    });
  const endpoint = (objects: Objects) => {
    objects["backup-server"].mail = { path: "/config/notifications/endpoints/smtp", body: { mode: "insecure" } };
  };

  test.each(["starttls", "tls"])("%s", (mode) => {
    expect(faultsOf(mailEncrypted, withMode(mode))).toEqual([]);
  });

  test("not insecure, which is told once", () => {
    expect(faultsOf(mailEncrypted, withMode("insecure"))).toEqual([
      "notifications.smtp.mode: mail goes to mail.example in plain text",
    ]);
    expect(faultsOf(mailEncrypted, withMode("insecure", { username: "a" }))).toEqual([
      "notifications.smtp.mode: mail goes to mail.example in plain text, and so does its password",
    ]);
    expect(inBoth(mailEncrypted, endpoint, withMode("insecure"))).toEqual([]);
  });

  test.each([
    ["the site file says otherwise", withMode("tls")],
    ["the site file knows of no mail", base],
  ])("not where an override says so and %s", (_, site) => {
    expect(inBoth(mailEncrypted, endpoint, site)).toEqual([
      "backup-server mail: its `mode` is insecure: mail goes in plain text",
    ]);
    const over = (objects: Objects) => {
      endpoint(objects);
      objects["backup-server"].mail.body.mode = "tls";
    };
    expect(inBoth(mailEncrypted, over, site)).toEqual([]);
  });

  test("without mail there is nothing to say", () => {
    expect(applies(mailEncrypted, base)).toBe(false);
  });
});

describe(onlyClientsReach.sentence, () => {
  test("by the rules of the site, also above one that passes everything", () => {
    expect(faultsOf(onlyClientsReach, base)).toEqual([]);
    expect(inBoth(onlyClientsReach)).toEqual([]);
  });

  test("not without any filter", () => {
    expect(faultsOf(onlyClientsReach, siteWith(withoutFirewall))).toEqual([
      "backupServers.pbs: the site has no firewall, and the server does not filter by itself",
    ]);
    const filtering = siteWith((input) => {
      withoutFirewall(input);
      input.backupServers.pbs.hostFirewall = true;
    });
    expect(faultsOf(onlyClientsReach, filtering)).toEqual([]);
  });

  test("elsewhere it is unknown, unless the server filters by itself", () => {
    const elsewhere = (hostFirewall: boolean) =>
      siteWith((input) => Object.assign(input.backupServers.pbs, { address: "203.0.113.5", location: "off-site", hostFirewall }));
    const site = elsewhere(false);
    expect(onlyClientsReach.model?.({ site, environment: "live", today: "2026-11-21" })).toMatchObject([
      { state: "unknown", what: "pbs stands outside of the site's networks, where nobody knows here who reaches it" },
    ]);
    expect(faultsOf(onlyClientsReach, elsewhere(true))).toEqual([]);
  });

  const open = (who: string) => [`firewall pbs: port 8007 of pbs is open to ${who}`];

  const passes = (firewall: Loose, count: number) => {
    for (let index = 0; index < count; index++) {
      const body = { ...firewall.pass.body, source: `10.1.0.${50 + index}`, placement: index - count };
      firewall[`other${index}`] = { path: "/firewall/rule", body };
    }
  };

  test.each<[string, (firewall: Loose) => void, string[]]>([
    ["the block is gone", (firewall) => delete firewall.block, open("ad")],
    ["the block is disabled", (firewall) => (firewall.block.body.disabled = true), open("ad")],
    ["the block is of UDP", (firewall) => (firewall.block.body.protocol = "udp"), open("ad")],
    ["the block is of another port", (firewall) => (firewall.block.body.destination_port = "8008"), open("ad")],
    ["the alias that it names is gone, and the block with it", (firewall) => delete firewall.to, open("ad")],
    ["the alias of the sources holds one guest", (firewall) => firewall.from.body.address.push("10.1.0.103"), open("erp")],
    ["the alias of the sources holds the network", (firewall) => firewall.from.body.address.push("10.1.0.0/24"), open("ad")],
    ["the pass is for anybody", (firewall) => (firewall.pass.body.source = "any"), open("ad")],
    ["the pass is gone, which opens nothing", (firewall) => delete firewall.pass, []],
    ["passes above open it to four", (firewall) => passes(firewall, 4), open("10.1.0.50, 10.1.0.51, 10.1.0.52, 10.1.0.53")],
    [
      "passes above open it to six, of whom four are named",
      (firewall) => passes(firewall, 6),
      open("10.1.0.50, 10.1.0.51, 10.1.0.52, 10.1.0.53 and 2 more"),
    ],
    [
      "another pass stands above",
      (firewall) =>
        (firewall.other = { path: "/firewall/rule", body: { ...firewall.pass.body, source: "10.1.0.104/31", placement: -1 } }),
      open("10.1.0.105"),
    ],
    [
      "another pass stands below the block",
      (firewall) => (firewall.other = { path: "/firewall/rule", body: { ...firewall.pass.body, source: "any", placement: 2 } }),
      [],
    ],
    [
      "a floating pass is quick",
      (firewall) => {
        const body = {
          type: "pass",
          interface: ["lan"],
          ipprotocol: "inet",
          source: "any",
          destination: "any",
          floating: true,
          quick: true,
        };
        firewall.other = { path: "/firewall/rule", body };
      },
      open("ad"),
    ],
  ])("%s", (_, change, expected) => {
    expect(inBoth(onlyClientsReach, ({ firewall }) => change(firewall))).toEqual(expected);
  });

  test("an address that is not known yet is no fault before the plan, and unknown in it", () => {
    const later = ({ firewall }: Objects) => (firewall.from.body.address = "${local.sources}");
    expect(inFiles(onlyClientsReach, later)).toEqual([]);
    expect(inFiles(rulesFirst, later)).toEqual([]);
    expect(inPlan(onlyClientsReach, later)).toEqual(["firewall from: unknown: address: known only after the apply"]);
  });

  test("a server that is open does not stand for one that is not", () => {
    const site = siteWith((input) => addServer(input));
    const opened = ({ firewall }: Objects) => {
      firewall.to.body.address.push("10.2.0.21");
      const body = { ...firewall.pass.body, source: "any", destination: "10.2.0.21", placement: -1 };
      firewall.other = { path: "/firewall/rule", body };
    };
    expect(inBoth(onlyClientsReach, opened, site)).toEqual(["firewall second: port 8007 of second is open to ad"]);
  });

  test("what is switched inside one subnet is the matter of another rule", () => {
    const site = siteWith((input) => (input.backupServers.pbs.address = "10.1.0.20"));
    expect(faultsOf(onlyClientsReach, site)).toEqual([]);
    expect(faultsOf(filteredInPath, site)).toHaveLength(1);
  });

  test("nothing is said where the stack of the firewall is not there", () => {
    expect(inBoth(onlyClientsReach, (objects) => delete objects.firewall)).toEqual([]);
  });
});

describe(bothFamilies.sentence, () => {
  const withSixth = (more: Loose = {}) =>
    siteWith((input) => {
      input.networks.vault.cidr6 = "2001:db8:2::/64";
      Object.assign(input.backupServers.pbs, more);
    });

  test("a network of one family has one", () => {
    expect(applies(bothFamilies, base)).toBe(false);
  });

  test("in a network of both the server has both addresses, or filters by itself", () => {
    expect(faultsOf(bothFamilies, withSixth())).toEqual([
      "backupServers.pbs: its network has IPv6, and no rule names an IPv6 address of pbs",
    ]);
    expect(faultsOf(bothFamilies, withSixth({ address6: "2001:db8:2::20" }))).toEqual([]);
    expect(faultsOf(bothFamilies, withSixth({ hostFirewall: true }))).toEqual([]);
  });

  test("the address of one server does not stand for that of another", () => {
    const site = siteWith((input) => {
      input.networks.vault.cidr6 = "2001:db8:2::/64";
      addServer(input);
      input.backupServers.pbs.address6 = "2001:db8:2::20";
    });
    expect(faultsOf(bothFamilies, site)).toEqual([
      "backupServers.second: its network has IPv6, and no rule names an IPv6 address of second",
    ]);
  });

  test("one with an IPv6 address only has the other family open", () => {
    expect(faultsOf(bothFamilies, withSixth({ address: "2001:db8:2::20" }))).toEqual([
      "backupServers.pbs: its network has IPv4, and no rule names an IPv4 address of pbs",
    ]);
  });

  test("with both addresses the rules are evaluated for both", () => {
    expect(faultsOf(onlyClientsReach, withSixth({ address6: "2001:db8:2::20" }))).toEqual([]);
  });

  test.each([
    ["inet46", []],
    ["inet", ["firewall block: it blocks IPv4 only"]],
    ["inet6", ["firewall block: it blocks IPv6 only"]],
  ])("a block of %s", (ipprotocol, expected) => {
    expect(inBoth(bothFamilies, ({ firewall }) => (firewall.block.body.ipprotocol = ipprotocol))).toEqual(expected);
  });
});

describe(rulesFirst.sentence, () => {
  test("as it is synthesized", () => {
    expect(inBoth(rulesFirst)).toEqual([]);
  });

  test.each<[string, (firewall: Loose) => void, string[]]>([
    [
      "they stand below another one",
      ({ pass, block }) => Object.assign(pass.body, { placement: 1 }) && Object.assign(block.body, { placement: 2 }),
      ["pass: it stands at place 1, not at 0", "block: it stands at place 2, not at 1"],
    ],
    ["one is disabled", ({ block }) => (block.body.disabled = true), ["block: it is disabled"]],
    ["one has another description", ({ block }) => (block.body.descr = "x"), ["Bloquer PBS - Port 8007: there is no such rule"]],
  ])("not where %s", (_, change, expected) => {
    const found = inBoth(rulesFirst, ({ firewall }) => change(firewall));
    expect(found).toEqual(expected.map((fault) => `firewall ${fault}`));
  });

  test("a rule that says nothing of it is not disabled", () => {
    expect(inBoth(rulesFirst, ({ firewall }) => delete firewall.block.body.disabled)).toEqual([]);
  });

  test("a block above its pass stops the backups", () => {
    const found = inBoth(rulesFirst, ({ firewall }) => {
      firewall.pass.body.placement = 1;
      firewall.block.body.placement = 0;
    });
    expect(found).toEqual([
      "firewall pass: it stands at place 1, not at 0",
      "firewall block: it stands at place 0, not at 1",
      "firewall pve1: pve1 does not reach 10.2.0.20",
      "firewall pve2: pve2 does not reach 10.2.0.20",
      "firewall admin: admin does not reach 10.2.0.20",
    ]);
  });

  test("a source that is missing in its alias does not come through", () => {
    expect(inBoth(rulesFirst, ({ firewall }) => firewall.from.body.address.shift())).toEqual([
      "firewall pve1: pve1 does not reach 10.2.0.20",
    ]);
  });

  test("a description may hold what is a reference elsewhere", () => {
    const site = siteWith((input) => (input.firewall.blockDescription = "Bloquer ${x}"));
    const written = (text: string) => (objects: Objects) => (objects.firewall.block.body.descr = text);
    expect(inFiles(rulesFirst, written("Bloquer $${x}"), site)).toEqual([]);
    expect(inPlan(rulesFirst, written("Bloquer ${x}"), site)).toEqual([]);
    expect(inFiles(rulesFirst, written("Bloquer"), site)).toHaveLength(1);
    expect(inPlan(rulesFirst, written("Bloquer $${x}"), site)).toHaveLength(1);
  });

  test("a place that is not known yet is unknown in the plan", () => {
    const later = ({ firewall }: Objects) => (firewall.block.body.placement = "${local.place}");
    expect(inFiles(rulesFirst, later)).toEqual([]);
    expect(inPlan(rulesFirst, later)).toEqual(["firewall block: unknown: placement: known only after the apply"]);
  });

  test("nothing is said where the stack of the firewall is not there", () => {
    expect(inBoth(rulesFirst, (objects) => delete objects.firewall)).toEqual([]);
  });
});

describe(filteredOnHost.sentence, () => {
  test("where it says so", () => {
    expect(faultsOf(filteredOnHost, base)).toEqual([
      "backupServers.pbs.hostFirewall: whoever is in the network of pbs reaches its port",
    ]);
    expect(
      faultsOf(
        filteredOnHost,
        siteWith((input) => (input.backupServers.pbs.hostFirewall = true)),
      ),
    ).toEqual([]);
  });
});

describe(backupNetwork.sentence, () => {
  const inVault = (change: (input: Loose) => void) => faultsOf(backupNetwork, siteWith(change));

  test("hypervisors and other backup servers may be there", () => {
    expect(inVault((input) => (input.hypervisors.pve1.address = "10.2.0.10"))).toEqual([]);
  });

  test.each<[string, (input: Loose) => void, string]>([
    ["a guest", ({ guests }) => (guests.erp.address = "10.2.0.103"), "1 guest (erp)"],
    ["an administrator", ({ hosts }) => (hosts.admin.address = "10.2.0.30"), "1 other machine (admin)"],
    [
      "three",
      ({ guests }) => {
        for (const [index, name] of ["ad", "erp", "glpi"].entries()) guests[name].address = `10.2.0.${101 + index}`;
      },
      "3 guests (ad, erp, glpi)",
    ],
    [
      "many",
      (input) => {
        for (const [index, name] of ["a", "b", "c", "d"].entries())
          input.guests[name] = { id: 200 + index, tier: "standard", role: "r", address: `10.2.0.${200 + index}` };
        input.hosts.admin.address = "10.2.0.30";
      },
      "4 guests (a, b, c, …) and 1 other machine (admin)",
    ],
  ])("not %s", (_, change, who) => {
    expect(inVault(change)).toEqual([`backupServers.pbs: in its network "vault" are ${who}`]);
  });

  test("what is elsewhere is in no network of the site", () => {
    const site = siteWith((input) => Object.assign(input.backupServers.pbs, { address: "203.0.113.5", location: "off-site" }));
    expect(applies(backupNetwork, site)).toBe(false);
  });
});

describe(administrationApart.sentence, () => {
  test("not in the network of the guests", () => {
    expect(faultsOf(administrationApart, base)).toEqual([
      'hypervisors.pve1: it is in the network "lan" like ad, erp',
      'hypervisors.pve2: it is in the network "lan" like ad, erp',
    ]);
  });

  test("but in another one", () => {
    const site = siteWith((input) => {
      input.networks.users = { cidr: "10.3.0.0/24", gateway: "10.3.0.254" };
      input.guests.ad.address = "10.3.0.101";
      input.guests.erp.address = "10.3.0.103";
    });
    expect(faultsOf(administrationApart, site)).toEqual([]);
  });

  test.each([
    [3, "ad, erp, glpi"],
    [5, "ad, erp, glpi and 2 more guests"],
  ])("of %d guests at most three are named", (count, told) => {
    const site = siteWith((input) => {
      input.guests.glpi.address = "10.1.0.104";
      for (let index = 3; index < count; index++)
        input.guests[`more${index}`] = { id: 200 + index, tier: "standard", role: "r", address: `10.1.0.${200 + index}` };
    });
    expect(faultsOf(administrationApart, site)[0]).toBe(`hypervisors.pve1: it is in the network "lan" like ${told}`);
  });

  test("it is unknown where no guest has an address", () => {
    const site = siteWith((input) => {
      for (const guest of Object.values<Loose>(input.guests)) delete guest.address;
    });
    const found = administrationApart.model?.({ site, environment: "live", today: "2026-11-21" });
    const told = { state: "unknown", what: "no guest has an address, so nobody knows here in which network they are" };
    expect(found).toMatchObject([told, told]);
  });
});
