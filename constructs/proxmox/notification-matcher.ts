import type { Construct } from "../core";
import { RestObject } from "../rest-object";
import { notificationPath } from "./notification-path";
import { flag, type ProxmoxDevice } from "./proxmox-device";
import type { SmtpEndpoint } from "./smtp-endpoint";

export interface NotificationMatcherProps {
  readonly device: ProxmoxDevice;
  readonly name: string;
  /** Name of the end point that is told. */
  readonly target: string;
  readonly endpoint: SmtpEndpoint;
  readonly comment: string;
}

/** Sends every warning and error of a device to an end point, whatever job it comes from: any narrower filter would hide some. */
export class NotificationMatcher extends RestObject {
  constructor(scope: Construct, { device, name, target, endpoint, comment }: NotificationMatcherProps) {
    super(scope, "notification_matcher", [name], {
      device,
      collection: notificationPath(device, "matchers"),
      key: ["name", name],
      body: {
        name,
        target: [target],
        "match-severity": ["warning,error"],
        mode: "all",
        comment,
        disable: flag(device, false),
      },
      defaults: { disable: flag(device, false), mode: "all" },
      createOnly: ["name"],
      deletable: ["match-field", "match-calendar", "invert-match"],
      dependsOn: [endpoint],
    });
  }
}
