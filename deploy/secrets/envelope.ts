import { armor, Decrypter, Encrypter } from "age-encryption";
import { type Fault, type Secret, UserError } from "../../model";

/** The text of an age file in text form, which can be committed, for everybody in `recipients` (`age1…`). */
export async function seal(text: string, recipients: readonly string[]): Promise<string> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(text));
}

/**
 * What `seal` was given. age authenticates the content, so that a changed or cut file is found and never half read.
 * @param identity one of its keys must belong to a recipient
 * @throws UserError for a key that does not fit, and for a damaged file
 */
export async function unseal(
  file: string,
  sealed: string,
  identity: { readonly keys: readonly Secret[]; readonly recipient: string; readonly origin: string },
): Promise<string> {
  let binary: Uint8Array;
  try {
    binary = armor.decode(sealed);
  } catch {
    throw new UserError(damaged(file, sealed));
  }
  const decrypter = new Decrypter();
  for (const key of identity.keys) decrypter.addIdentity(key.reveal());
  try {
    return await decrypter.decrypt(binary, "text");
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("no identity matched")) {
      throw new UserError({
        where: file,
        what: `the key from ${identity.origin} does not open it`,
        why: `it was written for other recipients than ${identity.recipient}`,
        repair:
          "give the right key in BASTIDE_AGE_KEY_FILE, or let somebody who can read it add this recipient and write it again",
      });
    }
    throw new UserError(damaged(file, sealed));
  }
}

function damaged(file: string, sealed: string): Fault {
  const merge = /^<{7} /m.test(sealed);
  return {
    where: file,
    what: merge ? "holds two versions of an unfinished merge" : "is cut off or damaged",
    why: merge ? "an encrypted file can only be taken whole" : "its content does not carry the seal that it was written with",
    repair: merge
      ? "take one side whole (git checkout --ours or --theirs), then set again what the other side had changed"
      : `put the previous version in its place: cp '${file}.bak' '${file}', or the one from the repository`,
  };
}
