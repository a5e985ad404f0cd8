import { BACKUP_SERVER_ROLES } from "../../model";
import { APPLY, bad, type Check, good, judge, type Question, type Verification } from "../check";

/**
 * The hypervisor's token has on every datastore of the site exactly its role's privileges, and none anywhere else.
 * Effective rights, token intersected with user, as the backup server computes them (ECO-07).
 */
export function privileges({ site, live }: Verification): Check[] {
  const { user, name, role } = site.access.hypervisorToken;
  const wanted = [...(BACKUP_SERVER_ROLES[role] ?? [])].sort();
  return Object.entries(site.backupServers).flatMap(([server, { datastores }]) => {
    const reading = live.backupServers[server]?.tokenPrivileges;
    const paths = Object.keys(datastores).map((datastore) => `/datastore/${datastore}`);
    const has = paths.map((path) => {
      const asked: Question = {
        id: "token.privileges",
        subject: `${server} ${user}!${name} ${path}`,
        expected: wanted.join(", "),
      };
      return judge(asked, reading, (byPath) => {
        const actual = byPath[path] ?? [];
        const missing = wanted.filter((privilege) => !actual.includes(privilege));
        if (missing.length === 0) return good(asked, actual.join(", "));
        return bad(asked, `lacks ${missing.join(", ")}`, `${APPLY}; the token and its user both need the role`);
      });
    });
    const asked: Question = {
      id: "token.excess",
      subject: `${server} ${user}!${name}`,
      expected: `nothing beyond ${role} on ${paths.join(", ")}`,
    };
    return [
      ...has,
      judge(asked, reading, (byPath) => {
        const excess = Object.entries(byPath).flatMap(([path, actual]) =>
          actual
            .filter((privilege) => !(paths.some((own) => covers(own, path)) && wanted.includes(privilege)))
            .map((privilege) => `${privilege} on ${path}`),
        );
        if (excess.length === 0) return good(asked, "nothing more");
        return bad(
          asked,
          excess.join(", "),
          "remove the extra entry on the backup server (Access Control): a taken hypervisor could use it against the backups",
        );
      }),
    ];
  });
}

const covers = (own: string, path: string): boolean => path === own || path.startsWith(`${own}/`);
