import { judged, type Rule, unknown, type Verdict, violation } from "../../engine/rule";
import { synthesizedAt } from "../../reading/device-object";
import { textOf, textsOf } from "../../reading/device-value";
import { datastorePath } from "../copies/copies-of";
import { declaredJobs } from "../coverage/declared-job";

export const notificationSystemUsed: Rule = {
  sentence: "Failures of every datastore and backup job go through the notification system",
  model: ({ site }) =>
    Object.entries(site.backupServers).flatMap(([server, { datastores }]) =>
      Object.entries(datastores).map(([name, { notificationMode }]) =>
        judged(
          datastorePath(server, name),
          notificationMode === "legacy-sendmail"
            ? "its failures go to the mail of a local user, and not to `notifications.mailto`"
            : undefined,
        ),
      ),
    ),
  synthesized: (context) => [
    // What the site file says itself is judged above.
    ...synthesizedAt(context.stacks, "/config/datastore").flatMap(({ label, device, body }): Verdict[] => {
      const store = context.site.backupServers[device]?.datastores[textOf(body.name) ?? ""];
      if (store?.notificationMode === "legacy-sendmail") return [];
      const where = store === undefined ? label : datastorePath(device, textOf(body.name) ?? "");
      return verdicts(where, "the datastore", body["notification-mode"] ?? "notification-system");
    }),
    ...(declaredJobs(context) ?? []).flatMap(({ object, body }) => {
      // In the mode `auto` a job with recipients of its own mails to them, and any other one uses the notification system.
      const own = (textsOf(body.mailto) ?? []).length > 0;
      const mode = body["notification-mode"] ?? "auto";
      return verdicts(object, "the backup job", mode === "auto" && !own ? "notification-system" : mode);
    }),
  ],
};

function verdicts(where: string, noun: string, mode: unknown): Verdict[] {
  if (mode === "notification-system") return [];
  if (textOf(mode) === undefined) return [unknown(where, `whom ${noun} tells of failures is known only on the devices`)];
  return [violation(where, `${noun} passes by the notification system (${mode})`)];
}
