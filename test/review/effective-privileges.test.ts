import type { Grant } from "../../review/configuration";
import { effectivePrivileges } from "../../review/effective-privileges";

const grant = (subject: string, path: string, role: Grant["role"], more: Partial<Grant> = {}): Grant => ({
  device: "pbs",
  subject,
  path,
  role,
  propagate: true,
  ...more,
});

/** `pbs a@pbs /path*: Datastore.Audit`; the star: and below it. */
const told = (...grants: Grant[]): string[] => {
  const found = effectivePrivileges(grants);
  if ("unknown" in found) throw new Error("all is known");
  return found.map((one) => `${one.device} ${one.subject} ${one.path}${one.propagate ? "*" : ""}: ${one.privileges.join(", ")}`);
};

const BACKUP = "Datastore.Backup";

test("they stand by device, subject and path, whatever the order of the entries", () => {
  const grants = [
    grant("b@pbs", "/", "DatastoreBackup"),
    grant("a@pbs", "/z", "DatastoreBackup"),
    grant("a@pbs", "/b", "DatastoreBackup"),
    grant("c@pve", "/", "PVEAuditor", { device: "hypervisor" }),
  ];
  const expected = [
    "hypervisor c@pve /*: role PVEAuditor",
    `pbs a@pbs /b*: ${BACKUP}`,
    `pbs a@pbs /z*: ${BACKUP}`,
    `pbs b@pbs /*: ${BACKUP}`,
  ];
  expect(told(...grants)).toEqual(expected);
  expect(told(...[...grants].reverse())).toEqual(expected);
});

test("roles of one path add up, of one device, and NoAccess takes all away", () => {
  const two = [grant("a@pbs", "/", "DatastoreBackup", { propagate: false }), grant("a@pbs", "/", "DatastoreAudit")];
  expect(told(...two)).toEqual(["pbs a@pbs /*: Datastore.Audit, Datastore.Backup"]);
  expect(told(...two, grant("a@pbs", "/", "DatastorePowerUser"))[0]).toMatch(
    /: Datastore\.Audit, Datastore\.Backup, Datastore\.Prune$/,
  );
  expect(told(...two, grant("a@pbs", "/", "NoAccess"))).toEqual(["pbs a@pbs /*: "]);
  expect(told(grant("a@pbs", "/", "DatastoreBackup"), grant("a@pbs", "/", "DatastoreAudit", { device: "other" }))).toEqual([
    "other a@pbs /*: Datastore.Audit",
    `pbs a@pbs /*: ${BACKUP}`,
  ]);
});

test("a role that is not known here stands by its name, also one of the backup server's names on a hypervisor", () => {
  expect(told(grant("a@pbs", "/", "Mine"))).toEqual(["pbs a@pbs /*: role Mine"]);
  expect(told(grant("a@pbs", "/", "DatastoreBackup", { device: "hypervisor" }))).toEqual([
    "hypervisor a@pbs /*: role DatastoreBackup",
  ]);
  expect(told(grant("a@pbs", "/", { unknown: "no plan" }))).toEqual(["pbs a@pbs /*: role unknown: no plan"]);
});

describe("a token", () => {
  const token = (path: string, role: string, more: Partial<Grant> = {}) => grant("a@pbs!t", path, role, more);
  const user = (path: string, role: string, more: Partial<Grant> = {}) => grant("a@pbs", path, role, more);
  const ofToken = (...grants: Grant[]) =>
    told(...grants)
      .filter((one) => one.includes("!"))
      .map((one) => one.replace("pbs a@pbs!t ", ""));

  test.each<[string, Grant[], string[]]>([
    ["without its user can do nothing", [token("/d", "DatastoreBackup")], ["/d: "]],
    ["can do what both can", [token("/d", "DatastoreAdmin"), user("/d", "DatastoreBackup")], [`/d*: ${BACKUP}`]],
    ["can do what its user can above", [token("/d", "DatastoreBackup"), user("/", "DatastoreAdmin")], [`/d*: ${BACKUP}`]],
    [
      "can do less where its user has less below",
      [token("/", "DatastoreAdmin"), user("/", "DatastoreAdmin"), user("/d", "DatastoreBackup")],
      [
        "/*: Datastore.Audit, Datastore.Backup, Datastore.Modify, Datastore.Prune, Datastore.Read, Datastore.Verify",
        `/d*: ${BACKUP}`,
      ],
    ],
    [
      "can do nothing below where its user's right stays above",
      [token("/", "DatastoreBackup"), user("/", "DatastoreBackup", { propagate: false })],
      [`/: ${BACKUP}`],
    ],
    [
      "can do nothing below where its own right stays above",
      [token("/d", "DatastoreBackup", { propagate: false }), user("/", "DatastoreBackup")],
      [`/d: ${BACKUP}`],
    ],
    [
      "of the superuser can do all that it was given",
      [grant("root@pam!t", "/d", "DatastoreBackup")],
      [`pbs root@pam!t /d*: ${BACKUP}`],
    ],
  ])("%s", (_, grants, expected) => {
    expect(ofToken(...grants)).toEqual(expected);
  });
});

test("rights that nobody knows stay unknown", () => {
  expect(effectivePrivileges({ unknown: "no plan" })).toEqual({ unknown: "no plan" });
});
