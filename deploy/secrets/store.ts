import { closest, distance } from "fastest-levenshtein";
import { type Secret, UserError } from "../../model";
import { type Rotation, SecretContent, type SecretInfo } from "./content";
import { seal, unseal } from "./envelope";
import { exclusively } from "./exclusive";
import { onFile, readIfThere, replaceFile } from "./files";
import type { AgeIdentity } from "./identity";
import { recipientsOf } from "./recipients";

export interface StoreOptions {
  /** Absolute path; it need not exist yet. */
  readonly file: string;
  readonly identity: AgeIdentity;
  /** For the commands that messages name. */
  readonly site: string;
  readonly environment: string;
  /** How long a change waits for another process. Default 15 s: longer than the lock of a killed process lives. */
  readonly lockWaitMs?: number;
}

/**
 * Opens the secrets of one site and environment; where there is no file yet, they are empty, and the first change makes it.
 * @throws UserError for a wrong key, a damaged file, a file that this user may not read
 */
export async function openStore(options: StoreOptions): Promise<SecretStore> {
  return onFile(options.file, async () => {
    const { content } = await read(options);
    return new SecretStore(options, content);
  });
}

/**
 * The secrets of one site and environment: an age file in text form, which can be committed.
 * Reading shows the state at the opening or after the last own change. A change works on the file as it is then, alone among
 * all processes, and is on the disk when its promise resolves; the version before it stays beside it as `<file>.bak`.
 */
export class SecretStore {
  #content: SecretContent;

  /** Use `openStore`. */
  constructor(
    private readonly options: StoreOptions,
    content: SecretContent,
  ) {
    this.#content = content;
  }

  get file(): string {
    return this.options.file;
  }

  get(name: string): Secret | undefined {
    return this.#content.get(name);
  }

  /** @throws UserError with the command that sets it */
  require(name: string): Secret {
    const secret = this.get(name);
    if (secret !== undefined) return secret;
    const names = this.list().map((info) => info.name);
    const near = names.length > 0 ? closest(name, names) : undefined;
    const hint = near !== undefined && distance(near, name) <= 2 ? `; there is "${near}"` : "";
    throw new UserError({
      where: this.file,
      what: `no secret "${name}"${hint}`,
      repair: `store it: ${this.command("set", name)}`,
    });
  }

  /** Names and dates, no values. */
  list(): readonly SecretInfo[] {
    return this.#content.list();
  }

  /** A change of a token's secret that was begun and not finished. */
  rotation(name: string): Rotation | undefined {
    return this.#content.rotation(name);
  }

  /** Every value, for `redactor`. */
  values(): readonly Secret[] {
    return this.#content.values();
  }

  set(name: string, value: Secret): Promise<void> {
    return this.update((content) => content.set(name, value));
  }

  /** Sets what is not there yet, and gives what is there then: two processes get the same value. */
  setIfMissing(name: string, make: () => Secret): Promise<Secret> {
    return this.update((content) => {
      const present = content.get(name);
      if (present !== undefined) return present;
      const made = make();
      content.set(name, made);
      return made;
    });
  }

  /** @returns whether it was there */
  remove(name: string): Promise<boolean> {
    return this.update((content) => content.remove(name));
  }

  /** Several changes as one; a change that throws leaves nothing behind. Nothing is written where nothing changes. */
  update<Result>(change: (content: SecretContent) => Result): Promise<Result> {
    return this.#write(change, false);
  }

  /** Writes the same secrets again, after the list of recipients has changed. */
  reseal(): Promise<void> {
    return this.#write(() => undefined, true);
  }

  /** A command of the command line about a secret of this store, as the user types it. */
  command(verb: "set" | "rotate", name: string): string {
    return `./bastide secrets ${verb} ${this.options.site} --env ${this.options.environment} ${name}`;
  }

  #write<Result>(change: (content: SecretContent) => Result, always: boolean): Promise<Result> {
    const { file, identity, lockWaitMs = 15_000 } = this.options;
    return onFile(file, () =>
      exclusively(file, lockWaitMs, async (assertHeld) => {
        const { content, sealed } = await read(this.options);
        const before = content.reveal();
        const result = change(content);
        if (always || content.reveal() !== before) {
          const text = await seal(content.reveal(), await recipientsOf(file, identity));
          assertHeld();
          if (sealed !== undefined) await replaceFile(`${file}.bak`, sealed);
          await replaceFile(file, text);
        }
        this.#content = content;
        return result;
      }),
    );
  }
}

async function read({ file, identity }: StoreOptions): Promise<{ content: SecretContent; sealed?: string }> {
  const sealed = await readIfThere(file);
  if (sealed !== undefined) {
    return { content: SecretContent.parse(await unseal(file, sealed, identity), file), sealed };
  }
  if ((await readIfThere(`${file}.bak`)) !== undefined) {
    throw new UserError({
      where: file,
      what: "is gone, but its previous version is there",
      why: "starting from nothing would lose the secrets, and the encryption key with them",
      repair: `take the previous version: cp '${file}.bak' '${file}'; to start from nothing, delete that one too`,
    });
  }
  return { content: SecretContent.empty() };
}
