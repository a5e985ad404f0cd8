import { listed } from "../words";
import { changeOf, type GuestAspect, type Measure } from "./aspect";

/** Whether new backups join the old ones: another place, or another writer, begins an empty history. */
export const history: GuestAspect = {
  aspect: "history",
  compare: (before, after) => {
    const moved = changeOf(before.places, after.places, places);
    return moved.length > 0 ? moved : changeOf(before.writers, after.writers, writers);
  },
};

const LEAVES = (before: readonly string[], after: readonly string[]) =>
  before.every((one) => after.includes(one)) ? "same" : "worse";

const places: Measure<readonly string[]> = { judge: LEAVES, show: (names) => listed(names, "nowhere") };

/** A group of backups belongs to who wrote it first; the backup server refuses it to anybody else. */
const writers: Measure<readonly string[]> = { judge: LEAVES, show: (names) => `written by ${listed(names, "nobody")}` };
