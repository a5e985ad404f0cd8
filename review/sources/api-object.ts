import { type CalendarEvent, parseCalendarEvent } from "../../model";
import { isUnknown, type Known, type Unknown, whereKnown } from "../known";

/** One object as a device's API answers it, or as the body of a plan says that it would. */
export interface ApiObject {
  /** `hypervisor`, `firewall` or the name of a backup server. */
  readonly device: string;
  /** Path of the list that holds it: `/cluster/backup`. */
  readonly collection: string;
  /** Keys are the API's. Of these only the ones that a fact is made from are ever looked at. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Keys whose value the source cannot say, with the reason. */
  readonly unknown?: ReadonlyMap<string, string>;
  /** Keys of secrets that the device holds although the object does not show them. */
  readonly held?: ReadonlySet<string>;
}

/** A list that a source could not read. */
export interface MissingCollection {
  readonly device: string;
  readonly collection: string;
  /** Why, without a value. */
  readonly reason: string;
}

/** What makes a whole list unknown: one of its objects lacks what tells it from others, or says it in an unknown form. */
export class Unreadable extends Error {}

/** Takes single keys out of an object. A value of another kind than the key has is not shown, only that it is not understood. */
export class ObjectReader {
  readonly #object: Readonly<Record<string, unknown>>;

  constructor(readonly source: ApiObject) {
    this.#object = source.object;
  }

  /** Whether the object says anything of the key. */
  has(key: string): boolean {
    const value = this.#object[key];
    return value !== undefined && value !== null && value !== "";
  }

  /** Why the value of the first of these keys that is unknown is so. */
  unknown(...keys: readonly string[]): Unknown | undefined {
    for (const key of keys) {
      const reason = this.source.unknown?.get(key);
      if (reason !== undefined) return { unknown: reason };
    }
    return undefined;
  }

  text(key: string, absent: string): Known<string> {
    const unknown = this.unknown(key);
    if (unknown) return unknown;
    if (!this.has(key)) return absent;
    const value = this.#object[key];
    return typeof value === "string" || typeof value === "number" ? String(value) : notUnderstood(key);
  }

  /** Proxmox VE writes 0 and 1, also as text; the backup server and the firewall write true and false. */
  flag(key: string, absent: boolean): Known<boolean> {
    const unknown = this.unknown(key);
    if (unknown) return unknown;
    if (!this.has(key)) return absent;
    const value = this.#object[key];
    if (value === true || value === 1 || value === "1") return true;
    return value === false || value === 0 || value === "0" ? false : notUnderstood(key);
  }

  count(key: string): Known<number | undefined> {
    const unknown = this.unknown(key);
    if (unknown) return unknown;
    if (!this.has(key)) return undefined;
    const value = Number(this.#object[key]);
    return Number.isSafeInteger(value) && value >= 0 ? value : notUnderstood(key);
  }

  /** A list, which Proxmox VE also writes as one text with commas. */
  list(key: string): Known<readonly string[]> {
    const unknown = this.unknown(key);
    if (unknown) return unknown;
    if (!this.has(key)) return [];
    const value = this.#object[key];
    if (Array.isArray(value)) return value.map(String);
    return typeof value === "string" || typeof value === "number" ? String(value).split(/[,;\s]+/) : notUnderstood(key);
  }

  schedule(key = "schedule"): Known<CalendarEvent> {
    if (!this.unknown(key) && !this.has(key)) return { unknown: "it has no schedule" };
    return whereKnown(this.text(key, ""), (text) => {
      const parsed = parseCalendarEvent(text);
      return "problem" in parsed ? { unknown: "its schedule is not one that Bastide understands" } : parsed.value;
    });
  }

  /** One of a few words; another one is not shown. */
  word<Word extends string>(key: string, words: readonly Word[], absent: Word): Known<Word> {
    return whereKnown(this.text(key, absent), (text) => words.find((word) => word === text) ?? notUnderstood(key));
  }

  /** What the object must say. @throws Unreadable */
  name(key: string): string {
    return certain(this.has(key) || this.unknown(key) ? this.text(key, "") : notUnderstood(key));
  }
}

/** @throws Unreadable where the value is not known */
export function certain<Value>(value: Known<Value>): Value {
  if (isUnknown(value)) throw new Unreadable(value.unknown);
  return value;
}

const notUnderstood = (key: string): Unknown => ({ unknown: `"${key}" has a form that Bastide does not know` });

/** A property that is left out where there is none. */
export function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}
