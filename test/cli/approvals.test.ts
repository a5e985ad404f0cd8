import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ApprovalPlace, judgeRecords, notApproved } from "../../cli/approvals";
import { changeAuthors, signingKey } from "../../deploy/change-authors";
import { signText } from "../../deploy/ssh-signature";
import { UserError } from "../../model";
import type { Demand } from "../../review/approval/judge";
import { APPROVAL_NAMESPACE, type ApprovalRecord, fileText, recordOf, signedText } from "../../review/approval/record";
import { weakeningsOf } from "../../review/approval/weakening";

const sites = mkdtempSync(join(tmpdir(), "bastide-approvals-"));
const approvals = join(sites, "ecosolar", "approvals");
const place: ApprovalPlace = { folder: { path: sites, modelUrl: "" }, site: "ecosolar", allowedSigners: undefined };
const weakenings = {
  devices: weakeningsOf([
    {
      class: "lost",
      aspect: "coverage",
      subjects: ["104 glpi"],
      before: "covered",
      after: "not covered",
      reversibility: "reversible",
      evidence: "",
    },
  ]),
};
const demand: Demand = {
  site: "ecosolar",
  environment: "production",
  today: "2026-11-21",
  people: 1,
  authors: ["carol@example.com"],
  weakenings,
};
const record = recordOf(
  {
    site: "ecosolar",
    environment: "production",
    who: "alice@example.com",
    reason: "the client pays for less",
    created: "2026-11-21",
    expires: "2026-12-21",
    authors: ["carol@example.com"],
  },
  { ...weakenings, promises: [] },
);
const key = (name: string) => join(sites, name);
const signed = async (more: Partial<ApprovalRecord> = {}, name = "alice", namespace = APPROVAL_NAMESPACE) => {
  const approval = { ...record, ...more };
  return { approval, signature: await signText(signedText(approval), { keyFile: key(name), namespace }) };
};
const put = (text: string, file = "production-1.json") => writeFileSync(join(approvals, file), text);
const said = async (more: Partial<Demand> = {}) => {
  const { approved, refusals } = await judgeRecords(place, { ...demand, ...more });
  return approved ? "approved" : refusals.map(({ what }) => what).join("; ");
};

beforeAll(() => {
  const lines = ["alice", "bob", "mallory"].map((name) => {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key(name)]);
    return `${name}@example.com ${readFileSync(key(`${name}.pub`), "utf8")}`;
  });
  writeFileSync(join(sites, "allowed-signers"), lines.slice(0, 2).join(""));
});
beforeEach(() => {
  rmSync(approvals, { recursive: true, force: true });
  mkdirSync(approvals, { recursive: true });
});
afterAll(() => rmSync(sites, { recursive: true, force: true }));

describe("a record in the repository", () => {
  it("counts when it is signed by somebody whom the repository names", async () => {
    expect(await said()).toBe("");
    put(fileText(await signed()));
    expect(await said()).toBe("approved");
  });

  it.each(Object.keys(record) as (keyof ApprovalRecord)[])("does not count once its field %s was changed", async (field) => {
    const { approval, signature } = await signed();
    const other = {
      version: 1,
      authors: [],
      weakenings: [],
      devices: "0".repeat(64),
      promises: "0".repeat(64),
      created: "2026-11-20",
      expires: "2026-12-22",
      who: "bob@example.com",
    }[field as string];
    put(JSON.stringify({ approval: { ...approval, [field]: field === "version" ? 2 : (other ?? "other") }, signature }));
    const expected = { version: "is no approval: approval.version", who: "signed, and the key is that of" }[field as string];
    expect(await said()).toContain(expected ?? "it was changed after it was signed");
  });

  it("does not count when it is signed by a stranger, by another person, or for something else", async () => {
    put(fileText(await signed({ who: "mallory@example.com" }, "mallory")));
    expect(await said()).toMatch(/which \S+allowed-signers does not name/);
    put(fileText(await signed({}, "bob")));
    expect(await said()).toBe("it says that alice@example.com signed, and the key is that of bob@example.com");
    put(fileText(await signed({}, "alice", "git")));
    expect(await said()).toBe('it is signed for "git", not for "bastide-approval"');
  });

  it("does not count once its signer is taken out of the allowed signers", async () => {
    put(fileText(await signed()));
    const file = join(sites, "only-bob");
    writeFileSync(file, readFileSync(join(sites, "allowed-signers"), "utf8").split("\n").slice(1).join("\n"));
    const { approved, refusals } = await judgeRecords({ ...place, allowedSigners: file }, demand);
    expect({ approved, what: refusals[0]?.what }).toEqual({ approved: false, what: expect.stringContaining("does not name") });
  });

  it("does not count for another site or environment", async () => {
    put(fileText(await signed({ environment: "staging" })));
    expect(await said()).toBe("it is for the environment staging, not for production");
    put(fileText(await signed({ site: "atelier-nord" })));
    expect(await said()).toBe("it is for the site atelier-nord, not for ecosolar");
  });

  it("counts once for one person, and with another's for two", async () => {
    put(fileText(await signed()));
    copyFileSync(join(approvals, "production-1.json"), join(approvals, "production-2.json"));
    expect(await said({ people: 2 })).toBe("alice@example.com has signed already");
    put(fileText(await signed({ who: "bob@example.com" }, "bob")), "production-2.json");
    expect(await said({ people: 2 })).toBe("approved");
    expect(await said({ people: 2, authors: ["Bob@example.com"] })).toContain("bob@example.com made the change");
  });

  it("that cannot be read is told with its file", async () => {
    put("{ half");
    mkdirSync(join(approvals, "production-2.json"));
    const { refusals } = await judgeRecords(place, demand);
    expect(refusals.map(({ where, what }) => [where.split("/").at(-1), what])).toEqual([
      ["production-1.json", "is no JSON"],
      ["production-2.json", "cannot be read (EISDIR)"],
    ]);
  });

  it("cannot be judged without allowed signers, or without ssh-keygen", async () => {
    put(fileText(await signed()));
    const none = judgeRecords({ ...place, allowedSigners: join(sites, "none") }, demand);
    await expect(none).rejects.toThrow(/none: there is no such file/);
    const before = process.env.PATH;
    process.env.PATH = sites;
    const missing = await judgeRecords(place, demand).catch((error: unknown) => error);
    process.env.PATH = before;
    expect(missing).toMatchObject({ faults: [{ where: "ssh-keygen", repair: expect.stringContaining("openssh-client") }] });
  });
});

test("what is not approved is refused with exit code 3, every weakening and the way out", async () => {
  const error = notApproved({ ...demand, people: 2 }, await judgeRecords(place, demand), "./bastide approve ecosolar");
  expect(error).toBeInstanceOf(UserError);
  expect({ exitCode: error.exitCode, faults: error.faults }).toEqual({
    exitCode: 3,
    faults: [
      {
        where: "ecosolar (production)",
        what: "weakens the protection, and nobody has approved that: lost coverage of 104: covered -> not covered",
        why: "production asks for the approval of two people, none of whom made the change; nothing was changed",
        repair: "have it approved by two people: ./bastide approve ecosolar",
      },
    ],
  });
});

describe("who made a change", () => {
  const repository = join(sites, "repository");
  const folder = join(repository, "sites");
  const git = (...args: string[]) => execFileSync("git", ["-C", repository, ...args], { stdio: "pipe" });
  const commit = (author: string, file: string, more = "") => {
    writeFileSync(join(repository, file), `${author}${more}`);
    git("add", "-A");
    git("-c", `user.name=${author}`, "-c", `user.email=${author}@example.com`, "commit", "-qm", `Change\n\n${more}`);
  };

  beforeAll(() => {
    mkdirSync(join(folder, "ecosolar", "approvals"), { recursive: true });
    mkdirSync(join(folder, "ecosolar", "state"), { recursive: true });
    mkdirSync(join(folder, "other"), { recursive: true });
    git("init", "-q", "-b", "main");
    git("config", "user.email", "me@example.com");
    commit("old", "sites/ecosolar/site.ts");
    git("tag", "base");
    commit("carol", "sites/ecosolar/site.ts", "Co-authored-by: Dave <dave@example.com>");
    commit("erin", "sites/other/site.ts");
    commit("alice", "sites/ecosolar/approvals/production-1.json");
    commit("operator", "sites/ecosolar/state/x.tfstate");
  });

  it("are the authors since a revision, co-authors included, and nobody who only approved or applied", async () => {
    expect(await changeAuthors(folder, "ecosolar", "base")).toEqual([
      "carol@example.com",
      "dave@example.com",
      "erin@example.com",
    ]);
  });

  it("are without a revision those of the last change of the site", async () => {
    expect(await changeAuthors(folder, "ecosolar")).toEqual(["carol@example.com", "dave@example.com"]);
  });

  it("is also whoever has changed something that is not committed", async () => {
    writeFileSync(join(folder, "ecosolar", "site.ts"), "edited");
    expect(await changeAuthors(folder, "ecosolar")).toEqual(["carol@example.com", "dave@example.com", "me@example.com"]);
    git("checkout", "-q", "--", ".");
  });

  it("is not known from a revision that git does not have", async () => {
    await expect(changeAuthors(folder, "ecosolar", "nowhere")).rejects.toThrow(
      "--base nowhere: git cannot say who made the change",
    );
  });

  it("signs with the key that is given, then with that of git where it is one of SSH", async () => {
    expect(await signingKey(folder, "given")).toBe("given");
    git("config", "user.signingkey", "/keys/one.pub");
    git("config", "gpg.format", "openpgp");
    expect(await signingKey(folder, undefined)).toMatch(/\.ssh\/id_ed25519$/);
    git("config", "gpg.format", "ssh");
    expect(await signingKey(folder, undefined)).toBe("/keys/one.pub");
    git("config", "user.signingkey", "ssh-ed25519 AAAA");
    expect(await signingKey(folder, undefined)).toMatch(/\.ssh\/id_ed25519$/);
  });
});
