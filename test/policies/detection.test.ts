import { escalatedInOrder } from "../../policies/rules/detection/escalated-in-order";
import { escalatedTheSameDay } from "../../policies/rules/detection/escalated-the-same-day";
import { escalatedToOthers } from "../../policies/rules/detection/escalated-to-others";
import { escalatedWithinAWeek } from "../../policies/rules/detection/escalated-within-a-week";
import { escalationPlanned } from "../../policies/rules/detection/escalation-planned";
import { everyFailureMatched } from "../../policies/rules/detection/every-failure-matched";
import { mailPastTheGuests } from "../../policies/rules/detection/mail-past-the-guests";
import { matcherInForce } from "../../policies/rules/detection/matcher-in-force";
import { notificationSystemUsed } from "../../policies/rules/detection/notification-system-used";
import { somebodyIsTold } from "../../policies/rules/detection/somebody-is-told";
import { targetsReachSomebody } from "../../policies/rules/detection/targets-reach-somebody";
import { watchedFromOutside } from "../../policies/rules/detection/watched-from-outside";
import { type Loose, siteWith } from "../model/base-site";
import { appliesTo, faultsAfter } from "./declared";
import { applies, faultsOf } from "./judge";

const TOKEN = "${var.later}";
/** Without anybody who is told. */
const SILENT = siteWith(() => undefined);

const told = (change: (notifications: Loose, input: Loose) => void = () => undefined) =>
  siteWith((input) => {
    input.notifications = {
      smtp: { server: "smtp.example", from: "pbs@alpha.example" },
      mailto: ["supervision@provider.example"],
    };
    change(input.notifications, input);
  });

const SITE = told();

const step = (after: string, ...mailto: string[]) => ({ after, owner: `owner ${after}`, mailto });

const escalated = (...steps: object[]) => told((notifications) => (notifications.escalation = steps));

/** Names of the two matchers and end points that are synthesized. */
const MATCHER = "notification_matcher__alpha-failures";
const PBS_MATCHER = "notification_matcher__pbs__alpha-failures";
const ENDPOINT = "smtp_endpoint__alpha-mail";
const PBS_ENDPOINT = "smtp_endpoint__pbs__alpha-mail";

describe(somebodyIsTold.sentence, () => {
  test("somebody is", () => {
    expect(faultsOf(somebodyIsTold, SITE)).toEqual([]);
  });

  test("nobody is", () => {
    expect(faultsOf(somebodyIsTold, SILENT)).toEqual(["notifications: nobody is told of a failure"]);
  });
});

describe(matcherInForce.sentence, () => {
  test("each has, as the site file says", () => {
    expect(faultsAfter(matcherInForce, SITE)).toEqual([]);
    expect(appliesTo(matcherInForce, SITE)).toBe(true);
  });

  test.each([
    [
      "one that is gone",
      (made: Loose) => delete made[PBS_MATCHER],
      "backupServers.pbs: no matcher sends its failures to anybody",
    ],
    [
      "one that is disabled",
      (made: Loose) => (made[PBS_MATCHER].disable = true),
      "backupServers.pbs: all of its matchers are disabled",
    ],
    [
      "one that is disabled",
      (made: Loose) => (made[MATCHER].disable = 1),
      "hypervisor notifications: all of its matchers are disabled",
    ],
    [
      "one that may be disabled",
      (made: Loose) => (made[MATCHER].disable = TOKEN),
      "hypervisor notifications: unknown: whether a matcher of it is in force is known only on the devices",
    ],
  ])("%s is missed on its own device", (_, change, what) => {
    expect(faultsAfter(matcherInForce, SITE, change)).toEqual([what]);
  });

  test("a second matcher that is in force is enough", () => {
    const faults = faultsAfter(matcherInForce, SITE, (made) => {
      made[MATCHER].disable = 1;
      made.notification_matcher__more = { name: "more" };
    });
    expect(faults).toEqual([]);
  });

  test("a device without anything that can fail needs none", () => {
    const faults = faultsAfter(matcherInForce, SITE, (made) => {
      delete made[MATCHER];
      delete made.backup_job__critical;
      delete made.backup_job__standard;
    });
    expect(faults).toEqual([]);
  });

  test("a site that tells nobody is judged by its model", () => {
    expect(appliesTo(matcherInForce, SILENT)).toBe(false);
  });
});

describe(targetsReachSomebody.sentence, () => {
  test("each does, as the site file says", () => {
    expect(faultsAfter(targetsReachSomebody, SITE)).toEqual([]);
    expect(appliesTo(targetsReachSomebody, SITE)).toBe(true);
    expect(appliesTo(targetsReachSomebody, SILENT)).toBe(false);
  });

  test.each([
    ["nothing", (made: Loose) => delete made[MATCHER].target, "no end point"],
    ["an empty list", (made: Loose) => (made[MATCHER].target = []), "no end point"],
    ["an end point that is gone", (made: Loose) => delete made[ENDPOINT], '"alpha-mail", which nothing makes'],
    ["an end point that is disabled", (made: Loose) => (made[ENDPOINT].disable = 1), '"alpha-mail", which is disabled'],
    ["an end point without recipient", (made: Loose) => (made[ENDPOINT].mailto = []), '"alpha-mail", which has no recipient'],
    [
      "one of the other device",
      (made: Loose) => (made[MATCHER].target = ["alpha-mail", "far-mail"]),
      '"far-mail", which nothing makes',
    ],
  ])("one that names %s", (_, change, what) => {
    expect(faultsAfter(targetsReachSomebody, SITE, change)).toEqual([
      `hypervisor notifications: the matcher "alpha-failures" names ${what}`,
    ]);
  });

  test("the end point of another device does not help", () => {
    expect(faultsAfter(targetsReachSomebody, SITE, (made) => delete made[PBS_ENDPOINT])).toEqual([
      'backupServers.pbs: the matcher "alpha-failures" names "alpha-mail", which nothing makes',
    ]);
  });

  test.each([
    ["users of the device", (made: Loose) => (made[ENDPOINT] = { name: "alpha-mail", "mailto-user": ["technicien@pve"] })],
    [
      "a chat",
      (made: Loose) => {
        delete made[ENDPOINT];
        made.gotify_endpoint = { name: "alpha-mail", server: "https://chat.example" };
      },
    ],
    [
      "nobody, while it is disabled",
      (made: Loose) => {
        made[MATCHER].disable = 1;
        made[MATCHER].target = [];
      },
    ],
  ])("one may tell %s", (_, change) => {
    expect(faultsAfter(targetsReachSomebody, SITE, change)).toEqual([]);
  });

  test.each([
    [
      "targets",
      (made: Loose) => (made[MATCHER].target = [TOKEN]),
      'whom the matcher "alpha-failures" tells is known only on the devices',
    ],
    [
      "the mail of root",
      (made: Loose) => (made[MATCHER].target = ["mail-to-root"]),
      'the matcher "alpha-failures" names "mail-to-root", which mails to an address that is known only on the devices',
    ],
    [
      "recipients",
      (made: Loose) => (made[ENDPOINT].mailto = TOKEN),
      'the matcher "alpha-failures" names "alpha-mail", of which the state or the recipients are known only on the devices',
    ],
    [
      "the state",
      (made: Loose) => (made[ENDPOINT].disable = TOKEN),
      'the matcher "alpha-failures" names "alpha-mail", of which the state or the recipients are known only on the devices',
    ],
  ])("%s known only later are unknown", (_, change, what) => {
    expect(faultsAfter(targetsReachSomebody, SITE, change)).toEqual([`hypervisor notifications: unknown: ${what}`]);
  });

  test("a fault that is sure stands before one that is not", () => {
    expect(faultsAfter(targetsReachSomebody, SITE, (made) => (made[MATCHER].target = ["mail-to-root", "gone"]))).toEqual([
      'hypervisor notifications: the matcher "alpha-failures" names "gone", which nothing makes',
    ]);
  });
});

describe(everyFailureMatched.sentence, () => {
  const matching = (body: object) => (made: Loose) => {
    delete made[MATCHER]["match-severity"];
    Object.assign(made[MATCHER], body);
  };

  test("one does, as the site file says", () => {
    expect(faultsAfter(everyFailureMatched, SITE)).toEqual([]);
    expect(appliesTo(everyFailureMatched, SITE)).toBe(true);
    expect(appliesTo(everyFailureMatched, SILENT)).toBe(false);
  });

  test.each([
    ["without a filter", {}],
    ["of more severities", { "match-severity": ["info,notice,warning,error"] }],
    ["in which any of two lists is enough", { "match-severity": ["warning", "error"], mode: "any" }],
    [
      "in which any of list and field is enough",
      { "match-severity": ["warning,error"], "match-field": ["exact:type=gc"], mode: "any" },
    ],
    ["with an empty filter", { "match-field": [] }],
    ["that is not inverted", { "invert-match": 0 }],
  ])("a matcher %s takes them", (_, body) => {
    expect(faultsAfter(everyFailureMatched, SITE, matching(body))).toEqual([]);
  });

  test.each([
    ["of errors", { "match-severity": ["error"] }],
    ["of warnings", { "match-severity": ["warning"] }],
    ["in which two lists must both match", { "match-severity": ["warning", "error"] }],
    ["of one kind of job", { "match-severity": ["warning,error"], "match-field": ["exact:type=gc"] }],
    ["of office hours", { "match-calendar": ["mon..fri 8-18"] }],
    ["of any field", { "match-field": ["exact:type=gc"], mode: "any" }],
    ["that is inverted", { "invert-match": 1 }],
  ])("a matcher %s does not", (_, body) => {
    expect(faultsAfter(everyFailureMatched, SITE, matching(body))).toEqual([
      "hypervisor notifications: its matchers pass over some of its failures",
    ]);
  });

  test.each([
    ["a severity", { "match-severity": [TOKEN] }],
    ["a mode", { "match-severity": ["warning,error"], mode: TOKEN }],
    ["an inversion", { "invert-match": TOKEN }],
  ])("%s that is known later is unknown", (_, body) => {
    expect(faultsAfter(everyFailureMatched, SITE, matching(body))).toEqual([
      "hypervisor notifications: unknown: which failures its matchers take is known only on the devices",
    ]);
  });

  test("a second matcher that takes all of them is enough, unless it is disabled", () => {
    const second = (body: object) => (made: Loose) => {
      matching({ "match-severity": ["error"] })(made);
      made.notification_matcher__more = { name: "more", ...body };
    };
    expect(faultsAfter(everyFailureMatched, SITE, second({}))).toEqual([]);
    expect(faultsAfter(everyFailureMatched, SITE, second({ disable: 1 }))).toHaveLength(1);
  });
});

describe(notificationSystemUsed.sentence, () => {
  const STORE = "backupServers.pbs.datastores.data";
  const legacy = siteWith((input) => (input.backupServers.pbs.datastores.data.notificationMode = "legacy-sendmail"));

  test("they do", () => {
    expect(faultsOf(notificationSystemUsed, SITE)).toEqual([]);
    expect(faultsAfter(notificationSystemUsed, SITE)).toEqual([]);
  });

  test("a datastore that mails to a local user is found in the site file, once", () => {
    expect(faultsOf(notificationSystemUsed, legacy)).toEqual([
      `${STORE}: its failures go to the mail of a local user, and not to \`notifications.mailto\``,
    ]);
    expect(faultsAfter(notificationSystemUsed, legacy)).toEqual([]);
  });

  test.each([
    [
      "datastore__pbs__data",
      { "notification-mode": "legacy-sendmail" },
      `${STORE}: the datastore passes by the notification system (legacy-sendmail)`,
    ],
    [
      "datastore__pbs__data",
      { "notification-mode": TOKEN },
      `${STORE}: unknown: whom the datastore tells of failures is known only on the devices`,
    ],
    [
      "backup_job__standard",
      { "notification-mode": "legacy-sendmail" },
      "tiers.standard: the backup job passes by the notification system (legacy-sendmail)",
    ],
    [
      "backup_job__standard",
      { "notification-mode": "auto", mailto: "x@y.example" },
      "tiers.standard: the backup job passes by the notification system (auto)",
    ],
  ])("%s with %j is found in what is synthesized", (name, body, what) => {
    expect(faultsAfter(notificationSystemUsed, SITE, (made) => Object.assign(made[name], body))).toEqual([what]);
  });

  test("what is left out uses it", () => {
    const faults = faultsAfter(notificationSystemUsed, SITE, (made) => {
      delete made.datastore__pbs__data["notification-mode"];
      delete made.backup_job__standard["notification-mode"];
      made.datastore__pbs__more = { name: "more" };
    });
    expect(faults).toEqual([]);
  });

  test("a datastore that the site file does not know is named by its resource", () => {
    const more = { name: "more", "notification-mode": "legacy-sendmail" };
    expect(faultsAfter(notificationSystemUsed, SITE, (made) => (made.datastore__pbs__more = more))).toEqual([
      "backup-server datastore__pbs__more: the datastore passes by the notification system (legacy-sendmail)",
    ]);
  });
});

describe(escalationPlanned.sentence, () => {
  test("it is", () => {
    expect(faultsOf(escalationPlanned, escalated(step("8h", "account@provider.example")))).toEqual([]);
  });

  test("it is not", () => {
    expect(faultsOf(escalationPlanned, SITE)).toEqual([
      "notifications.escalation: a failure that is not handled is passed on to nobody",
    ]);
  });

  test("where nobody is told at all there is nothing to pass on", () => {
    expect(applies(escalationPlanned, SILENT)).toBe(false);
  });
});

describe(escalatedTheSameDay.sentence, () => {
  test("24 hours are the same day, a minute more is not", () => {
    expect(faultsOf(escalatedTheSameDay, escalated(step("24h", "a@x.example")))).toEqual([]);
    expect(faultsOf(escalatedTheSameDay, escalated(step("24h1min", "a@x.example")))).toEqual([
      "notifications.escalation: nobody else is told on the day of the failure",
    ]);
  });

  test("one early step is enough", () => {
    expect(faultsOf(escalatedTheSameDay, escalated(step("8h", "a@x.example"), step("3d", "b@x.example")))).toEqual([]);
  });

  test("without escalation it is not late", () => {
    expect([SITE, SILENT].map((site) => applies(escalatedTheSameDay, site))).toEqual([false, false]);
  });
});

describe(escalatedWithinAWeek.sentence, () => {
  test("7 days are a week, a minute more is not", () => {
    expect(faultsOf(escalatedWithinAWeek, escalated(step("8h", "a@x.example"), step("7d", "b@x.example")))).toEqual([]);
    expect(faultsOf(escalatedWithinAWeek, escalated(step("8h", "a@x.example"), step("7d1min", "b@x.example")))).toEqual([
      "notifications.escalation[1]: owner 7d1min is told 7d1min after the failure",
    ]);
    expect([SITE, SILENT].map((site) => applies(escalatedWithinAWeek, site))).toEqual([false, false]);
  });
});

describe(escalatedToOthers.sentence, () => {
  test("one new address is enough", () => {
    const site = escalated(step("8h", "supervision@provider.example", "a@x.example"), step("1d", "b@x.example"));
    expect(faultsOf(escalatedToOthers, site)).toEqual([]);
  });

  test("the same people again are not, whichever way they are written", () => {
    const site = escalated(step("8h", "Supervision@provider.example"), step("1d", "a@x.example"), step("2d", "A@x.example"));
    expect(faultsOf(escalatedToOthers, site)).toEqual([
      "notifications.escalation[0]: the step of owner 8h writes only to those who were told before",
      "notifications.escalation[2]: the step of owner 2d writes only to those who were told before",
    ]);
    expect([SITE, SILENT].map((one) => applies(escalatedToOthers, one))).toEqual([false, false]);
  });
});

describe(escalatedInOrder.sentence, () => {
  test("a minute later is later, the same time is not", () => {
    expect(faultsOf(escalatedInOrder, escalated(step("8h", "a@x.example"), step("8h1min", "b@x.example")))).toEqual([]);
    expect(faultsOf(escalatedInOrder, escalated(step("8h", "a@x.example"), step("8h", "b@x.example")))).toEqual([
      "notifications.escalation[1]: owner 8h is told after 8h, not later than owner 8h after 8h",
    ]);
    expect([SITE, SILENT].map((one) => applies(escalatedInOrder, one))).toEqual([false, false]);
  });
});

describe(mailPastTheGuests.sentence, () => {
  const by = (server: string) =>
    faultsOf(
      mailPastTheGuests,
      told((notifications) => (notifications.smtp.server = server)),
    );

  test.each(["smtp.example", "glpi2.alpha.example", "10.1.0.102"])("%s is no guest", (server) => {
    expect(by(server)).toEqual([]);
  });

  test.each([
    ["10.1.0.103", "erp"],
    ["glpi", "glpi"],
    ["GLPI.alpha.example", "glpi"],
  ])("%s is one", (server, guest) => {
    expect(by(server)).toEqual([`notifications.smtp.server: the mail server is the guest "${guest}"`]);
  });

  test("without messages there is nothing to say", () => {
    expect(applies(mailPastTheGuests, SILENT)).toBe(false);
  });
});

describe(watchedFromOutside.sentence, () => {
  test.each([
    ["a machine of the supervision", (input: Loose) => (input.hosts.sonde = { address: "10.1.0.40", role: "monitoring" })],
    [
      "an operator with a token",
      (input: Loose) => (input.access = { operators: { "sup@pve": { comment: "s", role: "PVEAuditor", token: "ask" } } }),
    ],
  ])("%s asks", (_, change) => {
    expect(faultsOf(watchedFromOutside, siteWith(change))).toEqual([]);
  });

  test("administrators and operators without a token do not", () => {
    const site = siteWith((input) => (input.access = { operators: { "sup@pve": { comment: "s", role: "PVEAuditor" } } }));
    expect(faultsOf(watchedFromOutside, site)).toEqual([
      "hosts: no host has the role `monitoring`, and no operator has a token to ask with",
    ]);
  });
});
