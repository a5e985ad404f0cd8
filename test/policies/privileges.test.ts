import { credentialPerDevice } from "../../policies/rules/privileges/credential-per-device";
import { grantedTwice } from "../../policies/rules/privileges/granted-twice";
import { noDeletion } from "../../policies/rules/privileges/no-deletion";
import { noRoot } from "../../policies/rules/privileges/no-root";
import { oneToken } from "../../policies/rules/privileges/one-token";
import { operatorsApart } from "../../policies/rules/privileges/operators-apart";
import { ownRights } from "../../policies/rules/privileges/own-rights";
import { provisioningApart } from "../../policies/rules/privileges/provisioning-apart";
import { tokenEnds } from "../../policies/rules/privileges/token-ends";
import { tokenLasts } from "../../policies/rules/privileges/token-lasts";
import { tokenValid } from "../../policies/rules/privileges/token-valid";
import { type Loose, siteWith } from "../model/base-site";
import { baseObjects, inBoth, inFiles, inPlan, type Objects, synthesizedFrom } from "./device-objects";
import { applies, faultsOf, repairsOf } from "./judge";

const server = (objects: Objects) => objects["backup-server"];
const base = siteWith(() => undefined);
const withToken = (token: Loose) => siteWith((input) => (input.access = { hypervisorToken: token }));
const withRemote = (authId: string) =>
  siteWith((input) => (input.backupServers.pbs.remotes = { south: { host: "south.example", authId } }));

describe(noRoot.sentence, () => {
  test("as it is synthesized", () => {
    expect(faultsOf(noRoot, withRemote("pull@pbs!alpha"))).toEqual([]);
    expect(inBoth(noRoot)).toEqual([]);
  });

  test.each(["root@pam", "root@pam!pull"])("a remote that logs in as %s, which is told once", (authId) => {
    const site = withRemote(authId);
    expect(faultsOf(noRoot, site)).toEqual(["backupServers.pbs.remotes.south.authId: it logs in to south.example as root@pam"]);
    const remote = (objects: Objects) =>
      (server(objects).south = { path: "/config/remote", body: { name: "south", "auth-id": authId } });
    expect(inBoth(noRoot, remote, site)).toEqual([]);
    expect(inBoth(noRoot, remote, base)).toEqual(["backup-server south: `auth-id` names root@pam"]);
  });

  test.each<[string, (objects: Objects) => void, string[]]>([
    [
      "a storage",
      ({ hypervisor }) => (hypervisor.storage.body.username = "root@pam!x"),
      ["hypervisor storage: `username` names root@pam"],
    ],
    [
      "a token",
      ({ hypervisor }) => (hypervisor.probe.path = "/access/users/root@pam/token/t"),
      ["hypervisor probe: `path` names root@pam"],
    ],
    [
      "a list",
      ({ hypervisor }) => (hypervisor.job.body.users = ["a@pve", "root@pam"]),
      ["hypervisor job: `users` names root@pam"],
    ],
    ["not who gets mail", ({ hypervisor }) => (hypervisor.job.body["mailto-user"] = ["root@pam"]), []],
    ["not a name that begins alike", ({ hypervisor }) => (hypervisor.storage.body.username = "root@pampa"), []],
  ])("%s", (_, change, expected) => {
    expect(inBoth(noRoot, change)).toEqual(expected);
  });

  test("a resource of another provider", () => {
    const [stack] = synthesizedFrom({ hypervisor: {} });
    const resource = { proxmox_virtual_environment_user_token: { deploy: { user_id: "root@pam", token_name: "t" } } };
    const stacks = [{ id: "h", layer: "hypervisor", ...stack, configuration: { resource } }];
    const found = noRoot.synthesized?.({ site: base, environment: "live", today: "2026-11-21", stacks });
    expect(found?.filter(({ state }) => state !== "compliant")).toMatchObject([
      { object: "hypervisor deploy", what: "`user_id` names root@pam" },
    ]);
  });

  test("a provider", () => {
    const found = noRoot.synthesized?.({
      site: base,
      environment: "live",
      today: "2026-11-21",
      stacks: synthesizedFrom({ hypervisor: {} }, { hypervisor: { provider: { proxmox: [{ username: "root@pam" }] } } }),
    });
    expect(found).toMatchObject([{ object: "hypervisor provider", state: "non-compliant", what: "it logs in as root@pam" }]);
  });
});

describe(grantedTwice.sentence, () => {
  test("as it is synthesized", () => {
    expect(inBoth(grantedTwice)).toEqual([]);
  });

  test.each<[string, (right: Loose) => void]>([
    ["another role", (right) => (right.body.role = "DatastoreAudit")],
    ["another path", (right) => (right.body.path = "/datastore/other")],
    ["a path that begins alike", (right) => (right.body.path = "/datastore/dat")],
    ["a path above that does not reach down", (right) => Object.assign(right.body, { path: "/datastore", propagate: false })],
    ["another server", (right) => (right.device = "pbs2")],
  ])("not where its user has %s", (_, change) => {
    expect(inPlan(grantedTwice, (objects) => change(server(objects).right_user))).toEqual([
      "backup-server right_token: pve-backup@pbs lacks DatastoreBackup on /datastore/data, so pve-backup@pbs!pve-token has it in vain",
    ]);
  });

  test.each<[string, (right: Loose) => void]>([
    ["a role with more privileges", (right) => (right.body.role = "DatastoreAdmin")],
    ["the role of everything", (right) => (right.body.role = "Admin")],
    ["the path above", (right) => (right.body.path = "/datastore")],
    ["the root", (right) => (right.body.path = "/")],
  ])("also where its user has %s", (_, change) => {
    expect(inBoth(grantedTwice, (objects) => change(server(objects).right_user))).toEqual([]);
  });

  test("on the hypervisors as well", () => {
    expect(inBoth(grantedTwice, ({ hypervisor }) => delete hypervisor.probe_user)).toEqual([
      "hypervisor probe_token: probe@pve lacks PVEAuditor on /, so probe@pve!t has it in vain",
    ]);
  });

  test("a storage whose token has no right at all is seen where both stacks are", () => {
    const without = (objects: Objects) => delete server(objects).right_token;
    const fault = "pve-backup@pbs!pve-token may do nothing on /datastore/data";
    expect(inFiles(grantedTwice, without)).toEqual([`hypervisor storage: ${fault}`, `hypervisor storage_critical: ${fault}`]);
    expect(inPlan(grantedTwice, without)).toEqual([]);
    expect(inFiles(grantedTwice, (objects) => delete objects["backup-server"])).toEqual([]);
  });

  test("a storage of which nobody has a right is told with token and user", () => {
    const elsewhere = (objects: Objects) => {
      for (const name of ["right_user", "right_token"]) server(objects)[name].body.path = "/datastore/other";
    };
    const fault = "pve-backup@pbs!pve-token and pve-backup@pbs may do nothing on /datastore/data";
    expect(inFiles(grantedTwice, elsewhere)).toEqual([`hypervisor storage: ${fault}`, `hypervisor storage_critical: ${fault}`]);
  });

  test.each(["username", "datastore"])("a storage whose %s is not known yet is not looked at", (key) => {
    expect(inFiles(grantedTwice, ({ hypervisor }) => (hypervisor.storage.body[key] = "${local.later}"))).toEqual([]);
  });

  test("what an entry of a hypervisor says is nothing on a backup server", () => {
    const moved = (objects: Objects) => {
      const { right_user, right_token, ...others } = server(objects);
      objects["backup-server"] = others;
      Object.assign(objects.hypervisor, { right_user, right_token });
    };
    expect(inFiles(grantedTwice, moved).map((fault) => fault.split(":")[0])).toEqual([
      "hypervisor storage",
      "hypervisor storage_critical",
    ]);
  });

  test("a token of root@pam needs no second right, since root@pam has all", () => {
    const ofRoot = (objects: Objects) => {
      server(objects).root = { path: "/access/acl", body: { path: "/", "auth-id": "root@pam!t", role: "Audit" } };
    };
    expect(inBoth(grantedTwice, ofRoot)).toEqual([]);
  });

  test("the right may stand on the namespace", () => {
    const below = (objects: Objects) => {
      for (const name of ["right_user", "right_token"]) server(objects)[name].body.path = "/datastore/data/critical";
    };
    expect(inBoth(grantedTwice, below)).toEqual([]);
  });

  test("a role that is not known yet is unknown in the plan", () => {
    const later = (objects: Objects) => (server(objects).right_user.body.role = "${local.role}");
    expect(inFiles(grantedTwice, later)).toEqual([]);
    expect(inPlan(grantedTwice, later)).toEqual(["backup-server right_token: unknown: role: known only after the apply"]);
  });
});

describe(noDeletion.sentence, () => {
  test.each([
    ["DatastoreBackup", []],
    ["DatastorePowerUser", ["access.hypervisorToken.role: DatastorePowerUser adds Datastore.Prune to what backups need"]],
    [
      "DatastoreAdmin",
      [
        "access.hypervisorToken.role: DatastoreAdmin adds Datastore.Modify, Datastore.Prune, Datastore.Read, Datastore.Verify to what backups need",
      ],
    ],
  ])("%s", (role, expected) => {
    expect(faultsOf(noDeletion, withToken({ role }))).toEqual(expected);
  });

  test.each([
    ["DatastoreAudit", "/datastore/data", []],
    ["DatastoreReader", "/datastore/data", ["DatastoreReader on /datastore/data adds Datastore.Read, Datastore.Verify"]],
    ["DatastoreAdmin", "/datastore/data/critical", ["adds Datastore.Modify"]],
    ["Admin", "/", ["Admin on / may do everything"]],
    ["RemoteAdmin", "/remote", ["unknown: nothing is known here of the role RemoteAdmin on /remote"]],
  ])("an override that adds %s on %s", (role, path, expected) => {
    const found = inBoth(noDeletion, (objects) => {
      server(objects).more = { path: "/access/acl", body: { path, "auth-id": "pve-backup@pbs!pve-token", role } };
    });
    expect(found).toEqual(expected.map((what) => expect.stringContaining(what)));
  });

  test("what the site file says itself is not told a second time", () => {
    const admin = (objects: Objects) => (server(objects).right_token.body.role = "DatastoreAdmin");
    expect(inBoth(noDeletion, admin, withToken({ role: "DatastoreAdmin" }))).toEqual([]);
    expect(inBoth(noDeletion, admin)).toHaveLength(1);
    const above = (objects: Objects) => {
      admin(objects);
      server(objects).right_token.body.path = "/";
    };
    expect(inBoth(noDeletion, above, withToken({ role: "DatastoreAdmin" }))).toHaveLength(1);
  });

  test("each datastore of the site has its right in the site file", () => {
    const two = siteWith((input) => {
      input.access = { hypervisorToken: { role: "DatastoreAdmin" } };
      input.backupServers.pbs.datastores.spare = { path: "/mnt/spare", retention: { last: 2 } };
      for (const tier of Object.values<Loose>(input.tiers)) tier.datastore = "data";
    });
    expect(inBoth(noDeletion, (objects) => (server(objects).right_token.body.role = "DatastoreAdmin"), two)).toEqual([]);
  });

  test("what others may do is another matter", () => {
    const other = (objects: Objects) => {
      server(objects).more = { path: "/access/acl", body: { path: "/", "auth-id": "boss@pbs", role: "Admin" } };
    };
    expect(inBoth(noDeletion, other)).toEqual([]);
  });
});

describe(oneToken.sentence, () => {
  test("as it is synthesized", () => {
    expect(inBoth(oneToken)).toEqual([]);
  });

  test.each(["pve-backup@pbs", "pve-backup@pbs!second"])("not as %s", (username) => {
    expect(inBoth(oneToken, ({ hypervisor }) => (hypervisor.storage.body.username = username))).toEqual([
      `hypervisor storage: it logs in as ${username}, not as pve-backup@pbs!pve-token`,
    ]);
  });
});

describe(ownRights.sentence, () => {
  test.each([
    [1, []],
    [undefined, []],
    [0, ["hypervisor probe: privilege separation is off (`privsep`)"]],
    [false, ["hypervisor probe: privilege separation is off (`privsep`)"]],
  ])("privsep %s", (privsep, expected) => {
    expect(inBoth(ownRights, ({ hypervisor }) => (hypervisor.probe.body.privsep = privsep))).toEqual(expected);
  });
});

describe(tokenEnds.sentence, () => {
  test.each([
    ["2027-11-21", []],
    ["2027-11-22", ["access.hypervisorToken.expires: it lasts until 2027-11-22"]],
    [undefined, ["access.hypervisorToken.expires: it never ends"]],
  ])("%s", (expires, expected) => {
    expect(faultsOf(tokenEnds, withToken({ expires }))).toEqual(expected);
  });

  test("the advice names the last day", () => {
    expect(repairsOf(tokenEnds, base)).toEqual(["set `access.hypervisorToken.expires` to 2027-11-21 or earlier"]);
  });

  test("an override that takes the end away", () => {
    const ends = withToken({ expires: "2027-01-31" });
    const never = "backup-server token: it never ends, although the site file gives it an end";
    expect(inBoth(tokenEnds, undefined, ends)).toEqual([never]);
    expect(inBoth(tokenEnds, (objects) => delete server(objects).token.body.expire, ends)).toEqual([never]);
    expect(inBoth(tokenEnds, (objects) => (server(objects).token.body.expire = 1_801_440_000), ends)).toEqual([]);
    expect(inBoth(tokenEnds)).toEqual([]);
  });
});

describe(tokenValid.sentence, () => {
  test.each([
    ["2026-11-21", []],
    ["2026-11-20", ["access.hypervisorToken.expires: it ended on 2026-11-20"]],
  ])("%s", (expires, expected) => {
    expect(faultsOf(tokenValid, withToken({ expires }))).toEqual(expected);
  });

  test("does not apply to one without an end", () => {
    expect(applies(tokenValid, base)).toBe(false);
  });
});

describe(tokenLasts.sentence, () => {
  test.each([
    ["2026-12-21", []],
    ["2026-12-20", ["access.hypervisorToken.expires: it ends on 2026-12-20"]],
    ["2026-11-21", ["access.hypervisorToken.expires: it ends on 2026-11-21"]],
  ])("%s", (expires, expected) => {
    expect(faultsOf(tokenLasts, withToken({ expires }))).toEqual(expected);
  });

  test.each([undefined, "2026-11-20"])("does not apply to one that ends %s", (expires) => {
    expect(applies(tokenLasts, withToken({ expires }))).toBe(false);
  });
});

describe(provisioningApart.sentence, () => {
  const withCredential = (credential: string) =>
    siteWith((input) => {
      input.environments.live.devices.hypervisor.credential = credential;
      input.backupServers.pbs.remotes = { south: { host: "south.example", authId: "a@pbs!b", secret: "south-password" } };
      input.notifications = {
        smtp: { server: "mail.example", from: "a@mail.example", username: "a", secret: "mail-password" },
        mailto: ["b@mail.example"],
      };
    });

  test.each([
    ["pve-admin", []],
    ["pve-token", ["the hypervisor's token on pbs"]],
    ["encryption-key", ["the encryption key of the backups"]],
    ["south-password", ["the password of the remote south"]],
    ["mail-password", ["the password of the mail server"]],
  ])("%s", (credential, uses) => {
    expect(faultsOf(provisioningApart, withCredential(credential))).toEqual(
      uses.map((use) => `environments.live.devices.hypervisor.credential: "${credential}" is also ${use}`),
    );
  });

  test("the lab makes its own", () => {
    expect(faultsOf(provisioningApart, withCredential("pve-token"), "lab")).toEqual([]);
  });

  const stack = (secret: string) => {
    const objects = baseObjects();
    objects.hypervisor.storage.secrets.password = secret;
    const provider = { restful: [{ security: { value: "PVEAPIToken=${var.pve_token}" } }] };
    return synthesizedFrom(objects, { hypervisor: { provider } });
  };

  test.each([
    ["${var.storage_secret_pbs}", { state: "compliant" }],
    ["${var.pve_token}", { state: "non-compliant", what: "it opens the provider and is sent to an object as well" }],
  ])("an override that sends %s", (secret, verdict) => {
    const context = { site: base, environment: "live", today: "2026-11-21", stacks: stack(secret) };
    expect(provisioningApart.synthesized?.(context)).toMatchObject([{ object: "hypervisor variable pve_token", ...verdict }]);
  });
});

describe(credentialPerDevice.sentence, () => {
  test("by default", () => {
    expect(faultsOf(credentialPerDevice, base)).toEqual([]);
  });

  test("not where two devices share one", () => {
    const site = siteWith((input) => {
      input.environments.live.devices.firewall.credential = "pve-admin";
    });
    expect(faultsOf(credentialPerDevice, site)).toEqual([
      'environments.live.devices.firewall.credential: "pve-admin" opens environments.live.devices.hypervisor too',
    ]);
  });
});

describe(operatorsApart.sentence, () => {
  const operator = (role: string, path: string) =>
    siteWith((input) => (input.access = { operators: { "ops@pve": { comment: "c", role, path } } }));

  test.each([
    ["PVEAuditor", "/", undefined],
    ["PVEVMAdmin", "/", undefined],
    ["PVEAdmin", "/vms", undefined],
    ["PVEAdmin", "/pool/gold", undefined],
    ["PVEAdmin", "/storages", undefined],
    ["PVEAdmin", "/storage", "may delete backups and storages"],
    ["PVEAdmin", "/storage/pbs", "may delete backups and storages"],
    ["PVEAdmin", "/access/groups", "may set passwords"],
    ["PVEAdmin", "/", "may delete backups and storages"],
    ["PVEDatastoreUser", "/storage", undefined],
    ["PVEDatastoreAdmin", "/storage", "may delete backups and storages"],
    ["PVEDatastoreAdmin", "/vms", undefined],
    ["PVEUserAdmin", "/", "may set passwords"],
    ["PVEMappingAdmin", "/", "may remove who is told"],
    ["Administrator", "/vms/101", "may do everything there"],
    ["Helpdesk", "/vms", "is no role that Proxmox VE brings"],
  ])("%s on %s", (role, path, what) => {
    const expected = what === undefined ? [] : [expect.stringContaining(what)];
    expect(faultsOf(operatorsApart, operator(role, path))).toEqual(expected);
  });

  test("a role that nobody knows is unknown, not wrong", () => {
    const context = { site: operator("Helpdesk", "/"), environment: "live", today: "2026-11-21" };
    expect(operatorsApart.model?.(context)).toMatchObject([{ object: 'access.operators["ops@pve"]', state: "unknown" }]);
  });
});
