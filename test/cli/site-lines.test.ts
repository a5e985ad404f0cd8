import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { siteLines } from "../../cli/site-lines";
import type { Site } from "../../model";
import ecosolar from "../../sites/ecosolar/site";
import atelier from "../fixtures/sites/atelier/site";

const TEXT = `import { defineSite, lab } from "bastide";
const day = "21:00";
const tiers = {
  critical: { schedule: "0/4:00" },
} as const;
const guests = [
  "ad",
];
export default defineSite({
  name: "alpha",
  tiers: { ...tiers, standard: {
    schedule: day,
  } },
  backupServers: {
    "pbs 1": {
      datastores: { data: {
        path: "/a" } },
    },
  },
  guests: {
    ad: { id: 101 },
    erp: {
      dependsOn: [
        "ad",
        ...guests,
        "mail",
      ],
    },
    ...unknown(),
  },
  access: { hypervisorToken },
  environments: {
    lab: lab({
      state: local(),
    }),
  },
} satisfies object);
`;

describe("lines of a site file", () => {
  const lineOf = siteLines(TEXT);

  test.each([
    ["an object", "guests.erp", 22],
    ["a value in it", 'backupServers["pbs 1"].datastores.data.path', 17],
    ["an entry of a list", "guests.erp.dependsOn[0]", 24],
    ["a value from a constant, where it is used", "tiers.standard.schedule", 12],
    ["what a spread constant holds", "tiers.critical.schedule", 4],
    ["what a function gets", "environments.lab.state", 34],
    ["a shorthand", "access.hypervisorToken", 31],
  ])("%s is found at its line", (_, path, line) => {
    expect(lineOf(path)).toBe(line);
  });

  test.each([
    ["an attribute that is missing", "guests.erp.rto", 22],
    ["an entry after a spread", "guests.erp.dependsOn[2]", 23],
    ["an entry that a list has not", "guests.erp.dependsOn[9]", 23],
    ["what a call gives", "guests.mail.id", 20],
    ["what is deeper than a value that is written elsewhere", "access.hypervisorToken.role", 31],
    ["a name inside of a text", "guests.ad.id.more", 21],
  ])("%s has the line of what is around it", (_, path, line) => {
    expect(lineOf(path)).toBe(line);
  });

  test.each([
    ["the site itself", "alpha"],
    ["what is no path of the site file", "backup-server datastore__data"],
    ["nothing", ""],
  ])("%s has the first line", (_, path) => {
    expect(lineOf(path)).toBe(1);
  });

  test.each([
    ["is broken", "export default defineSite({\n  guests: {{\n    ad: {", 2],
    ["exports a constant", "const site = { guests: {\n ad: 1 } };\nexport default site;", 2],
    ["exports nothing", "const site = 1;", 1],
    ["names a constant by itself", "const a = b; const b = a;\nexport default { guests: a };", 2],
  ])("a file that %s stops nobody", (_, text, line) => {
    expect(siteLines(text)("guests.ad")).toBe(line);
  });
});

/** Paths of everything in a site, two levels deep, with the word that must stand at the line. */
const namesOf = (site: Site): [path: string, name: string][] =>
  (["networks", "hypervisors", "backupServers", "hosts", "tiers", "guests", "environments"] as const).flatMap((chapter) =>
    Object.keys(site[chapter]).map((name): [string, string] => [`${chapter}[${JSON.stringify(name)}]`, name]),
  );

test.each([
  ["sites/ecosolar/site.ts", ecosolar],
  ["test/fixtures/sites/atelier/site.ts", atelier],
])("everything in %s has the line at which its name stands", (file, site) => {
  const path = join(__dirname, "../..", file);
  expect(existsSync(path)).toBe(true);
  const text = readFileSync(path, "utf8");
  const lineOf = siteLines(text);
  const wrong = namesOf(site).filter(([object, name]) => !text.split("\n")[lineOf(object) - 1]?.includes(name));
  expect(wrong).toEqual([]);
});
