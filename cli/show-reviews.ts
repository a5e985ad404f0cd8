import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import type { SitesFolder } from "../deploy/site-loader";
import { UserError } from "../model";
import { reviewDocument } from "../review/render/json";
import { renderMarkdown } from "../review/render/markdown";
import { renderTerminal } from "../review/render/terminal";
import { exitCodeOf, type Review } from "../review/review";
import { completeCommands } from "./named-commands";
import { type Output, openOutput } from "./output";
import { installationRoot } from "./paths";

export interface ShowOptions {
  readonly json: boolean;
  readonly color: boolean;
  readonly sites?: string;
  readonly format: "terminal" | "markdown" | "json" | "sarif";
  readonly out?: string;
}

/** Writes reviews in the chosen format, to standard output or to a file. @returns the exit code of the command */
export async function showReviews(
  reviews: readonly Review[],
  folder: SitesFolder,
  output: Output,
  options: ShowOptions,
): Promise<0 | 1 | 3> {
  const { out } = options;
  const format = options.json && options.format === "terminal" ? "json" : options.format;
  const complete = (text: string) => completeCommands(text, options.sites);
  if (format === "markdown") {
    const full = out === undefined ? undefined : fullName(out);
    const pages = renderMarkdown(reviews, full === undefined ? undefined : basename(full));
    await write(complete(pages.page), out);
    if (full !== undefined) await write(complete(pages.full), full);
  } else if (format === "terminal") {
    // A file has no colours.
    const { color } = out === undefined ? output : openOutput({ json: false, color: false });
    await write(complete(`${renderTerminal(reviews, color)}\n`), out);
  } else if (format === "json") {
    await write(complete(`${JSON.stringify(reviewDocument(reviews), null, 2)}\n`), out);
  } else {
    await write(complete(await sarifText(reviews, folder)), out);
  }
  if (out !== undefined) output.note(`written: ${out}`);
  return exitCodeOf(reviews);
}

async function sarifText(reviews: readonly Review[], folder: SitesFolder): Promise<string> {
  const [{ renderSarif }, { siteLines }, { rulesOf }, { STANDARDS }, { BASTIDE }, { openRepository }] = await Promise.all([
    import("../review/render/sarif"),
    import("./site-lines"),
    import("../policies/report/notice"),
    import("../policies/packs"),
    import("../policies/packs/bastide"),
    import("../deploy/repository"),
  ]);
  const { prefix } = await openRepository(folder.path);
  const { version } = JSON.parse(readFileSync(join(installationRoot(), "package.json"), "utf8")) as { version: string };
  const lines = new Map<string, (path: string) => number>();
  const lineOf = (site: string, object: string): number => {
    const file = join(folder.path, site, "site.ts");
    const known = lines.get(site) ?? siteLines(existsSync(file) ? readFileSync(file, "utf8") : "");
    lines.set(site, known);
    return known(object);
  };
  return renderSarif(reviews, { fileOf: (site) => `${prefix}${site}/site.ts`, lineOf }, rulesOf(BASTIDE, STANDARDS), version);
}

/** `review.md` -> `review-full.md`. */
function fullName(out: string): string {
  const extension = extname(out);
  return join(dirname(out), `${basename(out, extension)}-full${extension}`);
}

async function write(text: string, file: string | undefined): Promise<void> {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  await writeFile(file, text).catch((error: NodeJS.ErrnoException) => {
    throw new UserError({
      where: file,
      what: `cannot be written (${error.code})`,
      repair: "name a file in a folder that this user may write to",
    });
  });
}
