import { Refusal } from "./answers";
import type { Field, Values } from "./field";
import type { Item } from "./item";
import { isNumeric, looselyEqual, text } from "./php";

type Filter = (value: unknown, wanted: unknown) => boolean;

const compared =
  (holds: (value: number, wanted: number) => boolean): Filter =>
  (value, wanted) =>
    isNumeric(value) && isNumeric(wanted) && holds(Number(value), Number(wanted));

const same: Filter = (value, wanted) => (value === null || wanted === null ? value === wanted : looselyEqual(value, wanted));

const FILTERS: Readonly<Record<string, Filter>> = {
  exact: same,
  except: (value, wanted) => !same(value, wanted),
  contains: (value, wanted) =>
    Array.isArray(value) ? value.some((one) => looselyEqual(one, wanted)) : text(value).includes(text(wanted)),
  in: (value, wanted) =>
    Array.isArray(wanted) && !Array.isArray(value)
      ? wanted.some((one) => looselyEqual(one, value))
      : text(wanted).includes(text(value)),
  startswith: (value, wanted) => text(Array.isArray(value) ? value[0] : value).startsWith(text(wanted)),
  endswith: (value, wanted) => text(Array.isArray(value) ? value.at(-1) : value).endsWith(text(wanted)),
  gt: compared((value, wanted) => value > wanted),
  gte: compared((value, wanted) => value >= wanted),
  lt: compared((value, wanted) => value < wanted),
  lte: compared((value, wanted) => value <= wanted),
  regex: (value, wanted) => pattern(text(wanted)).test(text(value)),
};

/** Keys that a model knows besides its fields: they hold nothing that a query could find. */
const EMPTY_KEYS = new Set(["parent_id", "placement"]);

/**
 * Whether an object meets a query: `field`, `field__exact`, `field__except` and so on; keys that are no field are skipped.
 * @throws Refusal 404 for an unknown filter
 */
export function matches(item: Item, query: Values, fields: readonly Field[]): boolean {
  return Object.entries(query).every(([target, wanted]) => {
    const parts = target.split("__");
    const name = parts.length > 1 ? (parts.pop() as string) : "exact";
    const filter = FILTERS[name];
    if (filter === undefined) {
      throw new Refusal(404, "QUERY_FILTER_NOT_FOUND", `No QueryFilter class found with the name '${name}'.`);
    }
    const field = parts.join("__");
    if (field === "id") return filter(item.id ?? null, wanted ?? null);
    if (EMPTY_KEYS.has(field)) return filter(null, wanted ?? null);
    if (!fields.some((known) => known.name === field)) return true;
    return filter(item.values[field] ?? null, wanted ?? null);
  });
}

export interface Page {
  readonly limit: number;
  readonly offset: number;
  readonly reverse: boolean;
  readonly sortBy?: readonly string[];
  readonly descending: boolean;
}

/** The objects that a list call gives. Without a query or a sort key it turns the list round before it cuts the page. */
export function select(items: readonly Item[], query: Values, page: Page, fields: readonly Field[]): Item[] {
  if (Object.keys(query).length === 0 && page.sortBy === undefined) {
    return cut(page.reverse ? [...items].reverse() : items, page);
  }
  const found = items.filter((item) => matches(item, query, fields));
  if (page.sortBy !== undefined) found.sort(bySortKeys(page.sortBy, page.descending));
  const shownItems = cut(found, page);
  return page.reverse ? shownItems.reverse() : shownItems;
}

const cut = (items: readonly Item[], { limit, offset }: Page): Item[] =>
  items.slice(offset, limit === 0 ? undefined : offset + limit);

const bySortKeys = (keys: readonly string[], descending: boolean) => (a: Item, b: Item) => {
  for (const key of keys) {
    const [left, right] = [text(a.values[key]), text(b.values[key])];
    if (left !== right) return left < right === descending ? 1 : -1;
  }
  return 0;
};

/** A pattern in PHP's form: delimiter, expression, delimiter, flags. What does not parse matches nothing. */
function pattern(given: string): RegExp {
  const parts = /^([^\w\s\\])(.*)\1([imsu]*)$/s.exec(given);
  try {
    return new RegExp(parts?.[2] ?? "$^", parts?.[3] ?? "");
  } catch {
    return /$^/;
  }
}
