/** Where `true` stands in a structure of marks, as `after_unknown` of a plan holds them: `["body.schedule", "disk.0.backup"]`. */
export function unknownPaths(marks: unknown, path = ""): string[] {
  if (marks === true) return [path];
  if (typeof marks !== "object" || marks === null) return [];
  return Object.entries(marks).flatMap(([key, inner]) => unknownPaths(inner, path === "" ? key : `${path}.${key}`));
}
