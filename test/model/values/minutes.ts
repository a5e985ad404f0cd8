import { DateTime, IANAZone } from "luxon";

const MINUTE = 60_000;

/** Which minutes a generated event runs in, apart from its text: undefined admits every value. */
export interface Fields {
  readonly weekdays?: readonly number[];
  readonly days?: readonly number[];
  readonly months?: readonly number[];
  readonly hours?: readonly number[];
  readonly minutes: readonly number[];
}

/**
 * A year of a zone's wall clock, minute by minute, by another library than the model's: the simulation that the
 * model is compared with. A minute that the clock shows for the second time in autumn is marked as a repetition.
 */
export class Minutes {
  readonly from: number;
  readonly count: number;
  readonly #weekday: Uint8Array;
  readonly #day: Uint8Array;
  readonly #month: Uint8Array;
  readonly #hour: Uint8Array;
  readonly #minute: Uint8Array;
  readonly #repeated: Uint8Array;

  constructor(
    readonly zone: string,
    firstYear = 2026,
    years = 1,
  ) {
    this.from = Date.UTC(firstYear, 0, 1);
    this.count = (Date.UTC(firstYear + years, 0, 1) - this.from) / MINUTE;
    const field = () => new Uint8Array(this.count);
    [this.#weekday, this.#day, this.#month, this.#hour, this.#minute, this.#repeated] = [
      field(),
      field(),
      field(),
      field(),
      field(),
      field(),
    ];
    const clock = IANAZone.create(zone);
    const offset = (index: number) => clock.offset(this.instant(index));
    let [date, local] = [Number.NaN, DateTime.fromMillis(0)];
    let furthest = Number.NEGATIVE_INFINITY;
    for (let day = 0; day < this.count; day += 1440) {
      const same = offset(day) === offset(day + 1439) ? offset(day) : undefined;
      for (let index = day; index < day + 1440; index += 1) {
        const label = this.from / MINUTE + index + (same ?? offset(index));
        if (Math.floor(label / 1440) !== date) {
          date = Math.floor(label / 1440);
          local = DateTime.fromMillis(date * 1440 * MINUTE, { zone: "UTC" });
        }
        this.#minute[index] = label % 60;
        this.#hour[index] = Math.floor(label / 60) % 24;
        this.#weekday[index] = local.weekday - 1;
        this.#day[index] = local.day;
        this.#month[index] = local.month;
        this.#repeated[index] = label <= furthest ? 1 : 0;
        furthest = Math.max(furthest, label);
      }
    }
  }

  /** Indices of the minutes in which the event runs. */
  runs(fields: Fields): number[] {
    const admits = (list: readonly number[] | undefined) => {
      const table = new Uint8Array(64).fill(list === undefined ? 1 : 0);
      for (const value of list ?? []) table[value] = 1;
      return table;
    };
    const [weekdays, days, months] = [admits(fields.weekdays), admits(fields.days), admits(fields.months)];
    const [hours, minutes] = [admits(fields.hours), admits(fields.minutes)];
    const found: number[] = [];
    for (let index = 0; index < this.count; index += 1) {
      if (
        minutes[this.#minute[index] ?? 0] &&
        hours[this.#hour[index] ?? 0] &&
        weekdays[this.#weekday[index] ?? 0] &&
        days[this.#day[index] ?? 0] &&
        months[this.#month[index] ?? 0] &&
        !this.#repeated[index]
      ) {
        found.push(index);
      }
    }
    return found;
  }

  instant(index: number): number {
    return this.from + index * MINUTE;
  }
}
