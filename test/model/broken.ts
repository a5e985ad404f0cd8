import { faultsWith, type Loose } from "./base-site";

/** [what is broken, how, where the fault is, what it says] */
export type Row = readonly [title: string, change: (site: Loose) => void, where: string, what: string | RegExp];

/** One test per row: the change gives exactly this one fault. */
export function checkRows(rows: readonly Row[]): void {
  test.each(rows)("%s", (_, change, where, what) => {
    const faults = faultsWith(change);
    expect(faults.map((fault) => fault.where)).toEqual([where]);
    if (typeof what === "string") expect(faults[0]?.what).toBe(what);
    else expect(faults[0]?.what).toMatch(what);
  });
}
