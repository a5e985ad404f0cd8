import { marginal, median, meets, memory, table, time } from "../../bench/figures.mjs";

describe("the arithmetic of the bench", () => {
  it("takes the middle value, whatever their order, and the mean of two", () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 100])).toBe(10);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow("no median");
  });

  it("tells what one more costs, without what the first one costs", () => {
    expect(marginal({ n: 50, value: 600 }, { n: 500, value: 1500 })).toBe(2);
    expect(() => marginal({ n: 50, value: 1 }, { n: 50, value: 2 })).toThrow("50 is not more than 50");
  });

  it("judges a figure by its bar: the bar itself is met, unless it must be stayed below", () => {
    expect([1.29, 1.3, 1.31].map((ratio) => meets({ ratio, bar: 1.3 }))).toEqual([true, true, false]);
    expect([1.99, 2, 2.01].map((ratio) => meets({ ratio, bar: 2, strict: true }))).toEqual([true, false, false]);
    expect(meets({ ratio: 99 })).toBe(true);
    expect(meets({ ratio: Number.NaN, bar: 1 })).toBe(false);
  });

  it("writes times and sizes so that they can be compared", () => {
    expect([0.46, 9.96, 456.4, 999.4, 1234].map(time)).toEqual(["0.5 ms", "10.0 ms", "456 ms", "999 ms", "1.23 s"]);
    expect(memory(123_456_789)).toBe("123 MB");
  });

  it("lays the figures out with their bars and verdicts", () => {
    const lines = table([
      { what: "a", product: "1 ms", reference: "1 ms", ratio: 1, bar: 1.3 },
      { what: "b", product: "2 ms", reference: "1 ms", ratio: 2, bar: 2, strict: true },
      { what: "c", product: "1 ms", reference: "20 ms", ratio: 0.051, bar: 0.05, share: true },
      { what: "d", product: "1 ms", reference: "1 ms", ratio: 1.5 },
    ])
      .split("\n")
      .map((line) => line.split("|").map((cell) => cell.trim()));
    expect(lines[0]).toEqual(["", "what", "Bastide", "reference", "ratio", "bar", "verdict", ""]);
    expect(lines.slice(2).map((cells) => cells.slice(4, 7))).toEqual([
      ["1.00", "≤ 1.3", "ok"],
      ["2.00", "< 2", "**not ok**"],
      ["5.1 %", "≤ 5.0 %", "**not ok**"],
      ["1.50", "–", "told"],
    ]);
  });
});
