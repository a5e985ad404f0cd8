import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { atLaterGates, createdAt, judgedBy } from "../../reading/device-object";

export const remotePinned: Rule = {
  sentence: "Every remote pins the certificate of the other backup server",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([server, { remotes }]) =>
      Object.entries(remotes).map(([name, { fingerprint, host }]) =>
        judged(
          `${member(`${member("backupServers", server)}.remotes`, name)}.fingerprint`,
          fingerprint === undefined ? `any certificate that names ${host} is taken` : undefined,
        ),
      ),
    ),
  ...atLaterGates((objects, { site }) =>
    createdAt(objects, "/config/remote").flatMap((remote) =>
      judgedBy(remote, ["fingerprint"], ({ fingerprint, name }) => {
        const own = site.backupServers[remote.device]?.remotes[String(name)];
        // Where the site file itself says so, it was judged there.
        if (own !== undefined && own.fingerprint === undefined) return undefined;
        return fingerprint === undefined || fingerprint === "" ? "it has no `fingerprint`" : undefined;
      }),
    ),
  ),
};
