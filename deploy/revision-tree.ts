import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { git, gitWithInput, paths, type Repository, type Revision } from "./repository";

interface Blob {
  readonly path: string;
  readonly object: string;
  readonly isLink: boolean;
}

/** Files of a revision in a temporary folder. Only what is asked for is written, with one question to git for all of it. */
export class RevisionTree {
  readonly #written = new Set<string>();
  readonly #directory = mkdtempSync(join(tmpdir(), "bastide-revision-"));

  private constructor(
    readonly revision: Revision,
    readonly repository: Repository,
    readonly blobs: readonly Blob[],
  ) {}

  /** Lists what the revision holds; nothing is written yet. */
  static async open(revision: Revision, repository: Repository): Promise<RevisionTree> {
    const answer = await git(repository.root, "ls-tree", "-r", "-z", "--full-tree", revision.commit);
    const blobs = paths(answer).flatMap((line): Blob[] => {
      const tab = line.indexOf("\t");
      const path = line.slice(tab + 1);
      const [mode, type, object = ""] = line.slice(0, tab).split(" ");
      // A tree that was made by hand can hold any name; a submodule is no file.
      const isInside = !path.split("/").some((part) => part === ".." || part === "" || part.toLowerCase() === ".git");
      return type === "blob" && isInside ? [{ path, object, isLink: mode === "120000" }] : [];
    });
    return new RevisionTree(revision, repository, blobs);
  }

  /** Where the files are written, as they lie in the repository. */
  get path(): string {
    return this.folder("tree");
  }

  /** A folder beside them, which ends with them. */
  folder(name: string): string {
    const path = join(this.#directory, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** Lets the files import libraries of a `node_modules` folder. */
  linkLibraries(folder: string): void {
    symlinkSync(folder, join(this.#directory, "node_modules"));
  }

  /** Writes the files that are wanted and not there yet. */
  async write(isWanted: (path: string) => boolean): Promise<void> {
    const wanted = this.blobs.filter(({ path }) => !this.#written.has(path) && isWanted(path));
    if (wanted.length === 0) return;
    for (const { path } of wanted) this.#written.add(path);
    const question = wanted.map(({ object }) => `${object}\n`).join("");
    const contents = contentsOf(await gitWithInput(this.repository.root, ["cat-file", "--batch"], question));
    const files = wanted.map(({ path, isLink }, index) => ({ path, isLink, content: contents[index] ?? Buffer.alloc(0) }));
    // Links last, so that nothing is written through one.
    for (const { path, isLink, content } of files.sort((one, other) => Number(one.isLink) - Number(other.isLink))) {
      const file = resolve(this.path, path);
      mkdirSync(dirname(file), { recursive: true });
      if (isLink) symlinkSync(content.toString("utf8"), file);
      else writeFileSync(file, content, { mode: 0o600 });
    }
  }

  /** Deletes everything that was written. */
  close(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Reads `cat-file --batch`: a line with the size, the bytes, a line feed, for each object in the order of the question. */
function contentsOf(answer: Buffer): Buffer[] {
  const contents: Buffer[] = [];
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf("\n", at);
    const head = answer.toString("latin1", at, end);
    const size = Number(head.split(" ")[2]);
    if (!Number.isInteger(size)) throw new Error(`git answered "${head}"`);
    contents.push(answer.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return contents;
}
