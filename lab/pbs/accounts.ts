import type { Permission } from "./endpoint";
import type { Values } from "./schema";
import { digestOf } from "./sections";
import type { PbsState } from "./state";

/** Whoever may look at users, and each user at itself. */
export const USER_AUDIT: Permission = { or: [{ on: "/access/users", all: ["Sys.Audit"] }, { isUser: "userid" }] };
/** Whoever may change users, and each user itself. */
export const USER_MODIFY: Permission = { or: [{ on: "/access/users", all: ["Permissions.Modify"] }, { isUser: "userid" }] };

/** Digest of the file that holds users and tokens. */
export function usersDigest(state: Readonly<PbsState>): string {
  return digestOf(state.users, "userid", "tokenid");
}

/** An account's switches as an update stores them: the default is absent. */
export function accountChange(given: Values): Record<string, Values[string] | undefined> {
  const { enable, expire } = given;
  return {
    ...(enable === undefined ? {} : { enable: enable === true ? undefined : false }),
    ...(expire === undefined ? {} : { expire: expire === 0 ? undefined : expire }),
  };
}
