import { type AclEntry, type Privileges, privilegesOn } from "./acl-tree";
import { isToken, ROOT, userOf } from "./auth-id";
import { PRIVILEGES, type Privilege } from "./privileges";
import { Refusal, refuse } from "./refusal";

/** Who calls, with the rights that the server sees at this moment (it sees a change of the ACL only after a while). */
export class Caller {
  constructor(
    readonly authId: string,
    private readonly acl: readonly AclEntry[],
  ) {}

  get user(): string {
    return userOf(this.authId);
  }

  get isToken(): boolean {
    return isToken(this.authId);
  }

  /** `root@pam` itself; not its tokens. */
  get isSuperuser(): boolean {
    return this.authId === ROOT;
  }

  privileges(path: readonly string[], authId = this.authId): Privileges {
    return privilegesOn(this.acl, authId, path);
  }

  hasAny(path: readonly string[], ...privileges: readonly Privilege[]): boolean {
    const granted = this.privileges(path);
    return privileges.some((privilege) => granted.has(privilege));
  }

  hasAll(path: readonly string[], ...privileges: readonly Privilege[]): boolean {
    const granted = this.privileges(path);
    return privileges.every((privilege) => granted.has(privilege));
  }

  /** The check that handlers do themselves: one of the privileges is enough. @throws Refusal 400 */
  check(path: readonly string[], ...privileges: readonly Privilege[]): void {
    if (!this.hasAny(path, ...privileges)) {
      refuse(`missing permissions '${named(privileges).join("|")}' on '/${path.join("/")}'`);
    }
  }

  /** The check of calls on a namespace: one of the privileges is enough. @throws Refusal 403 */
  checkNamespace(path: readonly string[], ...privileges: readonly Privilege[]): void {
    if (!this.hasAny(path, ...privileges)) {
      throw new Refusal(403, `permission check failed - missing ${named(privileges).join("|")} on /${path.join("/")}`);
    }
  }
}

/** In the product's order. */
function named(privileges: readonly Privilege[]): readonly Privilege[] {
  return PRIVILEGES.filter((privilege) => privileges.includes(privilege));
}
