import { judged, type Rule } from "../../engine/rule";

export const mailEncrypted: Rule = {
  sentence: "Messages about failures go to the mail server over an encrypted connection",
  model: ({ site: { notifications } }) => {
    if (notifications === undefined) return [];
    const { mode, username } = notifications.smtp;
    const password = username === undefined ? "" : ", with the password";
    return [
      judged("notifications.smtp.mode", mode === "insecure" ? `they go over the network in clear text${password}` : undefined),
    ];
  },
};
