/** Things that have the same key together, in their order. */
export function groupedBy<Key, Thing>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => Key,
): ReadonlyMap<Key, readonly Thing[]> {
  const groups = new Map<Key, Thing[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [thing]);
    else same.push(thing);
  }
  return groups;
}
