import type { Notifications } from "../../model";
import type { Construct } from "../core";
import { RestObject } from "../rest-object";
import { notificationPath } from "./notification-path";
import { flag, type ProxmoxDevice } from "./proxmox-device";

export interface SmtpEndpointProps {
  readonly device: ProxmoxDevice;
  readonly name: string;
  readonly smtp: Notifications["smtp"];
  readonly mailto: readonly string[];
  readonly comment: string;
  /** Reference to the password of `smtp.username`. */
  readonly password?: string;
}

/** Where a device sends its notifications by mail. */
export class SmtpEndpoint extends RestObject {
  constructor(scope: Construct, { device, name, smtp, mailto, comment, password }: SmtpEndpointProps) {
    super(scope, "smtp_endpoint", [name], {
      device,
      collection: notificationPath(device, "endpoints/smtp"),
      key: ["name", name],
      body: {
        name,
        server: smtp.server,
        port: smtp.port,
        mode: smtp.mode,
        username: smtp.username,
        "from-address": smtp.from,
        mailto,
        comment,
        disable: flag(device, false),
      },
      defaults: { disable: flag(device, false), mode: "tls" },
      createOnly: ["name"],
      deletable: ["username", "mailto-user", "author"],
      ...(password === undefined ? {} : { secrets: { password } }),
    });
  }
}
