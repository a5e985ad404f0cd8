import { judged, type Rule } from "../../engine/rule";

export const mailPastTheGuests: Rule = {
  sentence: "Messages about failures do not pass through a guest of the site",
  model: ({ site }) => {
    const server = site.notifications?.smtp.server.toLowerCase();
    if (server === undefined) return [];
    const guest = Object.entries(site.guests).find(
      ([name, { address }]) =>
        server === address || server === name.toLowerCase() || server === `${name}.${site.dns.domain}`.toLowerCase(),
    );
    return [judged("notifications.smtp.server", guest === undefined ? undefined : `the mail server is the guest "${guest[0]}"`)];
  },
};
