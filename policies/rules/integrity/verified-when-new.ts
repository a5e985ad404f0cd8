import { member } from "../../../model";
import { judged, type Rule } from "../../engine/rule";
import { atLaterGates, createdAt, judgedBy } from "../../reading/device-object";
import { flagOf } from "../../reading/device-value";

export const verifiedWhenNew: Rule = {
  sentence: "Every new backup is verified at once",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([server, { datastores }]) =>
      Object.entries(datastores).map(([name, { verifyNew }]) =>
        judged(
          member(`${member("backupServers", server)}.datastores`, name),
          verifyNew ? undefined : "new backups wait for the verification job",
        ),
      ),
    ),
  ...atLaterGates((objects, { site }) =>
    createdAt(objects, "/config/datastore")
      // Where the site file itself says so, it was judged there.
      .filter(({ device, body }) => site.backupServers[device]?.datastores[String(body.name)]?.verifyNew !== false)
      .flatMap((datastore) =>
        judgedBy(datastore, ["verify-new"], (body) =>
          flagOf(body["verify-new"], false) ? undefined : "`verify-new` is off: new backups wait for the verification job",
        ),
      ),
  ),
};
