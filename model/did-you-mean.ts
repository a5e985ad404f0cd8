import { distance } from "fastest-levenshtein";

/** `; did you mean "ad"?` for the nearest of the words that exist, or "" where none is near. */
export function didYouMean(word: string, existing: Iterable<string>): string {
  const nearest = nearestWord(word, existing);
  return nearest === undefined ? "" : `; did you mean "${nearest}"?`;
}

/** The nearest word: a third of its letters may differ; a word that contains the other (`keep-daily`, `daily`) is near too. */
function nearestWord(word: string, existing: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let best: { readonly word: string; readonly score: number } | undefined;
  for (const candidate of existing) {
    const other = candidate.toLowerCase();
    const contained = Math.min(lower.length, other.length) >= 3 && (lower.includes(other) || other.includes(lower));
    const apart = distance(lower, other);
    const score = contained ? Math.min(apart, 1.5) : apart;
    if (score <= Math.max(1.5, lower.length / 3) && score < (best?.score ?? Number.POSITIVE_INFINITY))
      best = { word: candidate, score };
  }
  return best?.word;
}

/** `"a", "b"` for a fault's text, at most 12 of them. */
export function quotedList(words: Iterable<string>): string {
  const all = [...words];
  const shown = all.slice(0, 12).map((word) => `"${word}"`);
  return all.length > 12 ? `${shown.join(", ")} and ${all.length - 12} more` : shown.join(", ");
}
