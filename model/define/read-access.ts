/** Who may do what, who is told, what is accepted. */
import * as z from "zod";
import type { Acknowledgement, Notifications } from "../site";
import { type Port, type Problem, parseAuthId } from "../values";
import type { AccessDraft } from "./draft";
import { calendarEvent, closed, duration, hostName, line, mailAddress, parsed, port, ruled, secretName } from "./fields";
import { isRecord, member, type Reader } from "./reader";

/** Token names; the same pattern on PBS and PVE. */
const tokenName = ruled(
  (text) => /^[A-Za-z][A-Za-z0-9._-]{1,31}$/.test(text),
  (text) => ({
    what: `"${text}" is no token name`,
    repair: 'write 2 to 32 letters, digits, dots, underscores and hyphens, like "pve-token"',
  }),
);

const tokenUser = parsed(z.string(), (text) => {
  const result = parseAuthId(text);
  if ("problem" in result) return result;
  if (text.endsWith("@pbs")) return { value: text };
  return {
    problem: {
      what: `"${text}" must not be the hypervisor's user on the backup server`,
      why:
        text === "root@pam"
          ? "root@pam may delete every backup: whoever takes the hypervisor over could"
          : "Bastide creates this user, and only the realm pbs keeps users of its own",
      repair: 'write a user of the realm pbs, like "pve-backup@pbs"',
    },
  };
});

const ROLES = ["DatastoreBackup", "DatastorePowerUser", "DatastoreAdmin"] as const;

const date = ruled(
  (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true,
  (text) => ({ what: `"${text}" is no date`, repair: 'write year, month and day, like "2027-03-31"' }),
);

const TOKEN = {
  user: tokenUser.default("pve-backup@pbs"),
  name: tokenName.default("pve-token"),
  role: z.enum(ROLES).default("DatastoreBackup"),
  expires: date.optional(),
};

/** A role id of Proxmox VE. */
const pveRole = ruled(
  (text) => /^[A-Za-z0-9._-]+$/.test(text),
  (text) => ({ what: `"${text}" is no role of Proxmox VE`, repair: 'write its id, like "PVEAuditor"' }),
);

const aclPath = ruled(
  (text) => /^\/(?:[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*)?$/.test(text),
  (text) => ({ what: `"${text}" is no ACL path`, repair: 'write it like "/", "/vms/101" or "/storage"' }),
);

const OPERATOR = { comment: line, role: pveRole, path: aclPath.default("/"), token: tokenName.optional() };

const MODES = { insecure: 25, starttls: 587, tls: 465 } as const;

const SMTP = {
  server: hostName,
  port: port.optional(),
  mode: z.enum(["insecure", "starttls", "tls"]).default("starttls"),
  from: mailAddress,
  username: line.optional(),
  secret: secretName.optional(),
};

const ACKNOWLEDGEMENT = {
  rule: ruled(
    (text) => /^[A-Z]{3}-\d{3}$/.test(text),
    (text) => ({ what: `"${text}" is no id of a rule`, repair: 'write it as the finding shows it, like "NET-001"' }),
  ),
  object: line,
  reason: line,
  owner: line,
  expires: date,
  ticket: line.optional(),
};

const mailto = z.array(mailAddress).min(1);

const NOTIFICATIONS = { mailto, escalation: z.array(closed({ after: duration, owner: line, mailto })).default([]) };

export const RESTORE_TESTS = closed({ partial: calendarEvent, full: calendarEvent }).optional();

export function readAccess(reader: Reader, input: unknown): AccessDraft {
  if (input !== undefined) reader.object("access", input, {}, ["hypervisorToken", "operators"]);
  const access = isRecord(input) ? input : {};
  return {
    hypervisorToken: reader.object("access.hypervisorToken", access.hypervisorToken ?? {}, TOKEN),
    operators: reader.entries("access.operators", access.operators, operatorName, (where, value) =>
      reader.object(where, value, OPERATOR),
    ),
  };
}

export function readNotifications(reader: Reader, input: unknown): Partial<Notifications> {
  const read = reader.object("notifications", input, NOTIFICATIONS, ["smtp"]);
  const smtp = reader.object("notifications.smtp", isRecord(input) ? input.smtp : undefined, SMTP);
  const fallback = { port: MODES[smtp.mode ?? "starttls"] as Port };
  const secret = smtp.username === undefined ? {} : { secret: "smtp-password" };
  if (smtp.secret !== undefined && smtp.username === undefined) {
    reader.fault("notifications.smtp.secret", {
      what: "a password without a user name",
      repair: "add `username`, or remove `secret`",
    });
  }
  return { ...read, smtp: { ...fallback, ...secret, ...smtp } as Notifications["smtp"] };
}

export function readAcknowledgements(reader: Reader, input: unknown): readonly Partial<Acknowledgement>[] {
  if (input === undefined) return [];
  if (Array.isArray(input)) {
    return input.map((entry, index) => reader.object(member("acknowledgements", index), entry, ACKNOWLEDGEMENT));
  }
  reader.fault("acknowledgements", {
    what: "expected an array",
    repair: "write a list: [ { rule, object, reason, owner, expires } ]",
  });
  return [];
}

function operatorName(name: string): Problem | undefined {
  const result = parseAuthId(name);
  if ("problem" in result) return { ...result.problem, repair: 'write "user@realm", like "supervision@pve"' };
  if (name.includes("!"))
    return { what: `"${name}" is a token, not a user`, repair: "name the user here and the token in `token`" };
  if (name === "root@pam") {
    return {
      what: "root@pam cannot be an operator",
      why: "Bastide makes its operators and takes them away again; root@pam belongs to the system and may do everything",
      repair: 'give each person a user, like "technicien@pve"',
    };
  }
  if (name.endsWith("@pbs")) {
    return {
      what: `"${name}" is a user of a backup server`,
      why: "operators are users of Proxmox VE, which has no realm pbs",
      repair: `write a user of one of its realms, like "${name.slice(0, -"@pbs".length)}@pve"`,
    };
  }
  return undefined;
}
