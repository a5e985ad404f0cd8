import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseApproval } from "../../review/approval/record";
import type { FaultAnswer } from "./support/answers";
import { SitesFolder } from "./support/sites-folder";

const SITE = "atelier-nord";
const LIVE = [SITE, "--env", "live"];

interface Answer extends Omit<FaultAnswer, "ok"> {
  readonly ok: boolean;
  readonly outcome: string;
  readonly file: string;
  readonly missing: number;
  readonly approvals: readonly { readonly who: string }[];
}

/** Approvals of two revisions need neither devices nor credentials. The environment asks for two people; carol makes the change. */
describe("approve", () => {
  let folder: SitesFolder;
  const git = (...args: string[]) => execFileSync("git", ["-C", folder.path, ...args], { encoding: "utf8" });
  const commit = (message: string) => {
    git("add", "-A");
    git("-c", "user.name=carol", "-c", "user.email=carol@example.com", "commit", "-qm", message);
  };
  const words = (who: string, ...more: string[]) => [
    ...["approve", ...LIVE, "--base", "base", "--reason", "the client pays for less", "--key", join(folder.path, who)],
    ...more,
  ];
  const approve = (who: string, ...more: string[]) => folder.json<Answer>(words(who, "--yes", ...more));
  const check = () => folder.json<Answer>(["approve", ...LIVE, "--base", "base", "--check"]);
  const said = ({ json: { faults } }: { json: Answer }) => faults.map(({ what }) => what).join("\n");

  beforeAll(() => {
    folder = new SitesFolder(SITE);
    const lines = ["alice", "bob", "carol", "mallory"].map((name) => {
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder.path, name)]);
      return `${name}@example.com ${readFileSync(join(folder.path, `${name}.pub`), "utf8")}`;
    });
    writeFileSync(join(folder.path, "allowed-signers"), lines.slice(0, 3).join(""));
    writeFileSync(join(folder.path, ".gitignore"), "alice*\nbob*\ncarol*\nmallory*\n.bastide/\n");
    git("init", "-q", "-b", "main");
    commit("The site as it is");
    git("tag", "base");
    folder.edit(SITE, ['schedule: "sat 23:00", rpo: "8d"', 'schedule: "*-*-1 23:00", rpo: "32d"']);
    commit("Back up monthly");
  });
  afterAll(() => folder.remove());

  it("shows the findings and signs nothing where nobody can confirm it", async () => {
    const { exitCode, stderr } = await folder.run(words("alice"));
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/weakened rpo: [\s\S]* of: +2200 [\s\S]*no terminal to confirm the approval on/);
    expect(git("status", "--porcelain")).toBe("");
  });

  it("asks a person at a terminal, and takes no for no", async () => {
    const question = /Approve this as alice@example\.com for L'Atelier du Nord \(live\)\?/;
    const { exitCode, shown } = await folder.onTerminal(words("alice"), [[question, "n"]]);
    expect({ exitCode, shown }).toEqual({ exitCode: 3, shown: expect.stringContaining("nothing was signed") });
    expect(git("status", "--porcelain")).toBe("");
  });

  it("refuses the author, a stranger, a wrong day, a lab, and a reason that holds a key", async () => {
    const own = await approve("carol");
    expect({ exitCode: own.exitCode, said: said(own) }).toEqual({
      exitCode: 3,
      said: "carol@example.com made the change, and live asks for two other people",
    });
    const stranger = await approve("mallory");
    expect({ exitCode: stranger.exitCode, said: said(stranger) }).toEqual({
      exitCode: 3,
      said: expect.stringMatching(/^does not name the key SHA256:/),
    });
    const late = await approve("alice", "--expires", "2099-01-01");
    expect({ exitCode: late.exitCode, said: said(late) }).toEqual({ exitCode: 64, said: expect.stringContaining("2099-01-01") });
    const lab = await folder.json<Answer>(words("alice", "--yes").map((word) => (word === "live" ? "lab" : word)));
    expect({ exitCode: lab.exitCode, said: said(lab) }).toEqual({ exitCode: 64, said: "is a lab, which needs no approval" });
    const leak = words("alice", "--yes").map((word) => (word.includes("pays") ? "AGE-SECRET-KEY-1ABC" : word));
    expect(said(await folder.json<Answer>(leak))).toContain("holds a secret");
    expect(git("status", "--porcelain")).toBe("");
  });

  it("writes a small signed record of each of two people, beside the site", async () => {
    expect(said(await check())).toMatch(/^weakens the protection, and nobody has approved that: weakened rpo of 2200: /);
    const first = await approve("alice");
    expect(first).toMatchObject({ exitCode: 0, json: { outcome: "approved", missing: 1 } });
    const alone = await check();
    expect({ exitCode: alone.exitCode, said: said(alone) }).toEqual({
      exitCode: 3,
      said: expect.stringContaining("and only alice@example.com has approved that"),
    });
    const second = await approve("bob");
    expect(second).toMatchObject({ exitCode: 0, json: { outcome: "approved", missing: 0 } });
    const text = readFileSync(first.json.file, "utf8");
    expect(text.length).toBeLessThan(3000);
    expect(parseApproval(text)).toMatchObject({
      approval: {
        ...{ site: SITE, environment: "live", who: "alice@example.com", reason: "the client pays for less" },
        ...{
          authors: ["carol@example.com"],
          weakenings: expect.arrayContaining([expect.stringMatching(/^weakened rpo of 2200: /)]),
        },
      },
    });
    expect(git("status", "--porcelain", "-uall").trim().split("\n")).toHaveLength(2);
  });

  it("is seen to be complete by whoever checks it, until more is weakened", async () => {
    const complete = await check();
    expect({ exitCode: complete.exitCode, who: complete.json.approvals.map(({ who }) => who) }).toEqual({
      exitCode: 0,
      who: ["alice@example.com", "bob@example.com"],
    });
    const undo = folder.edit(SITE, [
      "repeatMissed: false, encryption: false",
      'repeatMissed: false, encryption: false, mode: "snapshot", backupServer: "coffre"',
    ]);
    expect((await check().finally(undo)).exitCode).toBe(0);
    const more = folder.edit(SITE, ["last: 12, hourly: 48, daily: 14", "last: 12, hourly: 48, daily: 13"]);
    const further = await check().finally(more);
    expect(further.exitCode).toBe(3);
    expect(said(further).match(/it does not cover: weakened retention of 20\d\d/g)).toHaveLength(2);
  });

  it("still needs two people for a change that lowers their number", async () => {
    const undo = folder.edit(SITE, ["approvals: 2", "approvals: 1"]);
    const lowered = await approve("alice").finally(undo);
    expect(lowered.json).toMatchObject({ outcome: "approved", missing: 1 });
  });

  it("has nothing to sign where nothing is weakened", async () => {
    const unchanged = await folder.json<Answer>(words("alice", "--yes").map((word) => (word === "base" ? "HEAD" : word)));
    expect(unchanged).toMatchObject({ exitCode: 0, json: { ok: true, outcome: "nothing to approve" } });
  });

  it("says what is wrong where both or neither of revision and plan are given", async () => {
    expect(said(await approve("alice", "--plan"))).toBe("--base and --plan are given");
    const neither = words("alice", "--yes").filter((word) => !/^(--base|base)$/.test(word));
    expect(said(await folder.json<Answer>(neither))).toBe("neither --base nor --plan is given");
    expect(said(await approve("alice", "--check"))).toBe("--check and --reason are given");
  });
});
