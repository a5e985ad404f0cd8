import { dirname, join } from "node:path";
import { Encrypter, identityToRecipient } from "age-encryption";
import { type Fault, UserError } from "../../model";
import { readIfThere } from "./files";
import type { AgeIdentity } from "./identity";

/**
 * Whom a store is written for: the lines `age1…` of the file `recipients` beside it, or the writer alone where there is none.
 * The file is the whole list. It is not secret, but whoever is added to it reads everything from the next write on: review it.
 * @throws UserError for a line that is no recipient, and for a list that would lock the writer out
 */
export async function recipientsOf(storeFile: string, identity: AgeIdentity): Promise<readonly string[]> {
  const file = join(dirname(storeFile), "recipients");
  const text = await readIfThere(file);
  if (text === undefined) return [identity.recipient];
  const recipients: string[] = [];
  const faults: Fault[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const entry = line.trim();
    if (entry === "" || entry.startsWith("#")) continue;
    const fault = faultOf(entry);
    if (fault === undefined) recipients.push(entry);
    else faults.push({ where: `${file} line ${index + 1}`, ...fault });
  }
  const own = await Promise.all(identity.keys.map((key) => identityToRecipient(key.reveal())));
  if (faults.length === 0 && !own.some((recipient) => recipients.includes(recipient))) {
    faults.push({
      where: file,
      what: `does not name the key from ${identity.origin}`,
      why: "you could not read any more what you write",
      repair: `add the line ${identity.recipient}, or let somebody on the list make the change`,
    });
  }
  if (faults.length > 0) throw new UserError(faults);
  return recipients;
}

function faultOf(entry: string): Omit<Fault, "where"> | undefined {
  if (entry.toUpperCase().startsWith("AGE-SECRET-KEY-")) {
    return {
      what: "holds a private key, in a file that is not secret",
      repair: "make a new key, write its public half (age1…) here, and change every secret that the old one could open",
    };
  }
  try {
    new Encrypter().addRecipient(entry);
    return undefined;
  } catch {
    return { what: "is no age recipient", repair: "write one public key a line: age1…" };
  }
}
