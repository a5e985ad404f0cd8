import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BegunWeakening } from "../../cli/begun-weakening";
import type { Weakening } from "../../review/approval/weakening";

const workspace = mkdtempSync(join(tmpdir(), "bastide-begun-"));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const of = (subject: string): Weakening => ({
  class: "lost",
  aspect: "coverage",
  subject,
  before: "covered",
  after: "not covered",
});
const [ad, erp, glpi] = [of("101"), of("103"), of("104")];
const begun = new BegunWeakening(workspace);

test("a run that was interrupted may go on with what is left of what it was allowed, and with nothing else", async () => {
  expect(await begun.covers([ad], "2026-11-21")).toBe(false);
  await begun.keep([ad, erp], "2026-12-21");
  expect(await begun.covers([ad, erp], "2026-11-21")).toBe(true);
  expect(await begun.covers([erp], "2026-12-21")).toBe(true);
  expect(await begun.covers([erp], "2026-12-22")).toBe(false);
  expect(await begun.covers([erp, glpi], "2026-11-21")).toBe(false);
  expect(await begun.covers([{ ...erp, after: "unknown" }], "2026-11-21")).toBe(false);
  await begun.end();
  expect(await begun.covers([erp], "2026-11-21")).toBe(false);
  await begun.end();
});

test("a torn note allows nothing", async () => {
  for (const text of ['{"until":"2026-12-21","weak', "{}", "null", '{"until":1,"weakenings":[]}']) {
    writeFileSync(join(workspace, "begun-weakening.json"), text);
    expect(await begun.covers([], "2026-11-21")).toBe(false);
  }
});
