import { judged, type Rule } from "../../engine/rule";
import { atLaterGates, judgedBy } from "../../reading/device-object";

export const mailEncrypted: Rule = {
  sentence: "Alerts go to the mail server over TLS",
  model: ({ site }) => {
    const smtp = site.notifications?.smtp;
    if (smtp === undefined) return [];
    const password = smtp.username === undefined ? "" : ", and so does its password";
    return [
      judged(
        "notifications.smtp.mode",
        smtp.mode === "insecure" ? `mail goes to ${smtp.server} in plain text${password}` : undefined,
      ),
    ];
  },
  ...atLaterGates((objects, { site }) =>
    objects
      .filter(({ path }) => path.endsWith("/notifications/endpoints/smtp"))
      // Where the site file itself says so, it was judged there.
      .filter(() => site.notifications?.smtp.mode !== "insecure")
      .flatMap((endpoint) =>
        judgedBy(endpoint, ["mode"], ({ mode }) =>
          mode === "insecure" ? "its `mode` is insecure: mail goes in plain text" : undefined,
        ),
      ),
  ),
};
