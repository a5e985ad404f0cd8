import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimsOf, parseAllowedSigners, principalsOf } from "../../deploy/allowed-signers";
import { publicKeyOf, readAllowedSigners, type Signature, signText, verifySignature } from "../../deploy/ssh-signature";
import { UserError } from "../../model";

const TODAY = "2026-11-21";
const NAMESPACE = "bastide-approval";
const folder = mkdtempSync(join(tmpdir(), "bastide-keys-"));
const path = (name: string) => join(folder, name);
const makeKey = (name: string, passphrase = "") =>
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", path(name)]);
const publicText = (name: string) => readFileSync(path(`${name}.pub`), "utf8").trim();
const signers = (...lines: string[]) => {
  writeFileSync(path("signers"), `# people who may approve\n\n${lines.join("\n")}\n`);
  return readAllowedSigners(path("signers"));
};
const faultOf = async (work: Promise<unknown>) => {
  const error = await work.catch((thrown: unknown) => thrown);
  return error instanceof UserError ? error.faults[0] : error;
};

let good: Signature;
const said = async (more: Partial<Signature>, ...lines: string[]) => {
  const verdict = await verifySignature({ ...good, ...more }, await signers(...lines), TODAY);
  return "refused" in verdict ? verdict.refused.what : "good";
};
const alice = (options = "") => `alice@example.com,al ${options}${publicText("alice")}`;

beforeAll(async () => {
  makeKey("alice");
  makeKey("mallory");
  const signature = await signText("the text é", { keyFile: path("alice"), namespace: NAMESPACE });
  good = { text: "the text é", signature, namespace: NAMESPACE, who: "alice@example.com" };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a signature", () => {
  it("is good for the text, the person and the namespace", async () => {
    const verdict = await verifySignature(good, await signers(alice()), TODAY);
    const [, shown] = execFileSync("ssh-keygen", ["-lf", path("alice.pub")], { encoding: "utf8" }).split(" ");
    expect(verdict).toEqual({ key: shown, principals: ["alice@example.com", "al"] });
  });

  it("is refused for another text", async () => {
    expect(await said({ text: "the text e" }, alice())).toBe("it was changed after it was signed");
  });

  it("is refused from a key that nobody has", async () => {
    expect(await said({}, `mallory@example.com ${publicText("mallory")}`)).toMatch(
      /key SHA256:\S+, which \S+signers does not name/,
    );
  });

  it("is refused from another person's key", async () => {
    const signature = await signText(good.text, { keyFile: path("mallory"), namespace: NAMESPACE });
    const both = [alice(), `mallory@example.com ${publicText("mallory")}`];
    expect(await said({ signature }, ...both)).toBe(
      "it says that alice@example.com signed, and the key is that of mallory@example.com",
    );
  });

  it("is refused from another namespace, such as that of a signed commit", async () => {
    const signature = await signText(good.text, { keyFile: path("alice"), namespace: "git" });
    expect(await said({ signature }, alice())).toBe('it is signed for "git", not for "bastide-approval"');
  });

  it("is refused when it is none", async () => {
    expect(await said({ signature: "nonsense" }, alice())).toBe("its signature is not one of SSH");
    const [begin, , ...rest] = good.signature.split("\n");
    expect(await said({ signature: [begin, ...rest].join("\n") }, alice())).toBe("its signature is not one of SSH");
  });

  it("is refused when a line of the file does not let the key sign that", async () => {
    expect(await said({}, alice('namespaces="git" '))).toContain("its signature is not accepted: ");
    expect(await said({}, alice(`namespaces="git,${NAMESPACE}" `))).toBe("good");
  });

  it.each([
    ['valid-before="20261121" ', "good"],
    ['valid-before="20261120" ', "expired"],
    ['valid-after="20261121" ', "good"],
    ['valid-after="20261122" ', "not yet valid"],
  ])("with a key that is %sis %s on the day of the judgement", async (option, verdict) => {
    expect(await said({}, alice(option))).toContain(verdict);
  });

  it("gives the holder of a key no choice of who he is", async () => {
    expect(await said({}, `*@example.com ${publicText("alice")}`)).toContain("does not name");
  });
});

describe("allowed signers", () => {
  it("are read as ssh-keygen reads them", () => {
    const text =
      '# c a,b AAAA\n"a b,c" ssh-ed25519 AAAA comment\nd namespaces="x y",valid-before="20270101" sk-ssh-ed25519@openssh.com BBBB\r\nhalf ssh-rsa\n';
    expect(parseAllowedSigners(text)).toEqual([
      { principals: ["a b", "c"], key: "AAAA" },
      { principals: ["d"], key: "BBBB" },
    ]);
    expect(principalsOf([...parseAllowedSigners(text), { principals: ["e", "*"], key: "AAAA" }], "AAAA")).toEqual([
      "a b",
      "c",
      "e",
    ]);
  });

  it("are asked for where there is no file", async () => {
    expect(await faultOf(readAllowedSigners(path("none")))).toMatchObject({ what: "there is no such file", where: path("none") });
  });
});

describe("a key", () => {
  it("is read from its public half, and from the private one where that is all", async () => {
    const key = publicText("alice").split(" ")[1];
    expect(await publicKeyOf(path("alice"))).toBe(key);
    expect(await publicKeyOf(path("alice.pub"))).toBe(key);
    expect(claimsOf(good.signature)).toEqual({ key, namespace: NAMESPACE });
    writeFileSync(path("bare"), readFileSync(path("alice")), { mode: 0o600 });
    expect(await publicKeyOf(path("bare"))).toBe(key);
  });

  it("that is missing or no key is told", async () => {
    expect(await faultOf(publicKeyOf(path("none")))).toMatchObject({ where: path("none"), what: "there is no such file" });
    writeFileSync(path("junk"), "junk", { mode: 0o600 });
    expect(await faultOf(publicKeyOf(path("junk")))).toMatchObject({
      where: path("junk"),
      what: expect.stringContaining("junk"),
    });
    expect(await faultOf(signText("x", { keyFile: path("junk"), namespace: NAMESPACE }))).toMatchObject({ where: path("junk") });
  });

  it("cannot sign where ssh-keygen is not installed, and the package is named", async () => {
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      const missing = { where: "ssh-keygen", repair: expect.stringContaining("openssh-client") };
      expect(await faultOf(signText("x", { keyFile: path("alice"), namespace: NAMESPACE }))).toMatchObject(missing);
      expect(await faultOf(said({}, alice()))).toMatchObject(missing);
    } finally {
      process.env.PATH = before;
    }
  });
});
