/** As many as the sites of a large fleet need; then all are forgotten, since the next fleet needs others. */
const MOST = 5_000;

/**
 * A calculation is done once for each of its inputs.
 * @param key the inputs, as text
 * @param most results that are kept at the same time; fewer where the key is long
 */
export function remembered<Result>(memory: Map<string, Result>, key: string, make: (key: string) => Result, most = MOST): Result {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const result = make(key);
  if (memory.size >= most) memory.clear();
  memory.set(key, result);
  return result;
}
