import type { Check, Verdict } from "../live/check";
import type { Output } from "./output";
import { table } from "./table";

/** Whether the checks let an apply count as proven: unknown is not proven. */
export const proven = (checks: readonly Check[]): boolean =>
  checks.every(({ verdict }) => verdict === "ok" || verdict === "warning");

/** The checks as a table, what is wrong last and with its repair, where the eye ends. */
export function checksText(checks: readonly Check[], color: Output["color"]): string {
  const mark: Record<Verdict, string> = {
    ok: color.green("ok"),
    warning: color.yellow("warning"),
    fault: color.red("fault"),
    unknown: color.red("unknown"),
  };
  const order: readonly Verdict[] = ["ok", "warning", "unknown", "fault"];
  const sorted = order.flatMap((verdict) => checks.filter((check) => check.verdict === verdict));
  const rows = sorted.map(({ id, subject, expected, actual, verdict }) => [
    mark[verdict],
    subject,
    short(expected),
    short(actual),
    color.dim(id),
  ]);
  const repairs = sorted
    .filter(({ verdict }) => verdict !== "ok")
    .map(({ subject, actual, repair }) => `${subject}: ${actual}\n    repair: ${repair ?? ""}`);
  return [table(["", "what", "model", "reality", "check"], rows), ...(repairs.length === 0 ? [] : ["", ...repairs])].join("\n");
}

/** What was proven, one line a subject; the whole table where something is wrong. */
export function proofText(checks: readonly Check[], color: Output["color"]): string {
  if (checks.some(({ verdict }) => verdict !== "ok")) return checksText(checks, color);
  const ids = [...new Set(checks.map(({ id }) => id))];
  return table(
    ["", "proven on the devices", ""],
    ids.map((id) => {
      const same = checks.filter((check) => check.id === id);
      return [color.green("ok"), PROVEN[id] ?? id, `${same.length} of ${same.length}`];
    }),
  );
}

const PROVEN: Readonly<Record<string, string>> = {
  version: "products run a supported version",
  "clock.zone": "nodes are in the site's time zone",
  "clock.offset": "nodes' clocks are right",
  "storage.exists": "storages use the site's token and place",
  "storage.fingerprint": "storages pin the backup server's certificate",
  "storage.encryption": "storages encrypt with the escrowed key",
  "storage.active": "storages are active on every node",
  "token.privileges": "the token has the rights of its role",
  "token.excess": "the token has no other right",
  "guest.exists": "guests are on the hypervisor",
  "guest.covered": "guests are backed up within their RPO",
  "prune.retention": "retention is as promised",
  "verify.schedule": "backups are verified",
  "verify.new": "new backups are verified at once",
  "gc.schedule": "garbage collection is scheduled",
  "sync.schedule": "copies in another place are scheduled",
  "notification.endpoint": "failures can be mailed",
  "notification.matcher": "failures reach a person",
  "firewall.reach": "only who must reaches the backup server's port",
};

/** One sentence for the end. */
export function checksSummary(checks: readonly Check[]): string {
  const count = (verdict: Verdict) => checks.filter((check) => check.verdict === verdict).length;
  const parts = [
    `${count("ok")} ok`,
    ...(["warning", "unknown", "fault"] as const).flatMap((verdict) =>
      count(verdict) > 0 ? [`${count(verdict)} ${verdict}`] : [],
    ),
  ];
  return `${checks.length} checks: ${parts.join(", ")}`;
}

const LONGEST_CELL = 50;
const short = (text: string): string => (text.length <= LONGEST_CELL ? text : `${text.slice(0, LONGEST_CELL - 1)}…`);
