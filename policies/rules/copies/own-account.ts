import { hypervisorAuthIds, member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";

export const ownAccount: Rule = {
  sentence: "Every backup server logs in to another one with an account that serves nothing else",
  model: ({ site }) => {
    const { user: hypervisor } = hypervisorAuthIds(site);
    const all = Object.entries(site.backupServers).flatMap(([server, { remotes }]) =>
      Object.entries(remotes).map(([name, remote]) => ({
        where: member(`${member("backupServers", server)}.remotes`, name),
        remote,
      })),
    );
    return all.map(({ where, remote }) => {
      const [user = ""] = remote.authId.split("!");
      const others = all.filter((other) => other.where !== where && other.remote.secret === remote.secret);
      if (user === "root@pam") return judged(where, "it logs in as root@pam, who may delete every backup there");
      if (user === hypervisor) return judged(where, `it logs in as ${user}, with which the hypervisors write their backups`);
      return judged(
        where,
        others.length > 0 ? `its password is also that of ${others.map((other) => other.where).join(", ")}` : undefined,
      );
    });
  },
};
