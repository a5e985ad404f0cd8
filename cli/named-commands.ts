/**
 * Completes the commands that a text names, so that they can be typed as they stand: they find the sites in the folder that
 * this command was given.
 * @param sites value of `--sites`; undefined where it was not given
 */
export function completeCommands(text: string, sites: string | undefined): string {
  if (sites === undefined || sites === process.env.BASTIDE_SITES) return text;
  const folder = /^[\w@%+=:,./-]+$/.test(sites) ? sites : `'${sites.replaceAll("'", "'\\''")}'`;
  return text.replace(
    /\.\/bastide ((?:secrets|lab) [a-z][a-z-]*|(?!(?:test|policies)\b|--)[a-z][a-z-]*)/g,
    `$& --sites ${folder.replaceAll("$", "$$$$")}`,
  );
}

/** The value of an option in a command line that may not even be one. */
export function optionOf(argv: readonly string[], name: string): string | undefined {
  const joined = argv.find((word) => word.startsWith(`${name}=`));
  const at = argv.indexOf(name);
  return joined === undefined ? (at < 0 ? undefined : argv[at + 1]) : joined.slice(name.length + 1);
}
