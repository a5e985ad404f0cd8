import { isIP, isIPv4, isIPv6 } from "node:net";
import { CalendarEventFault, parseCalendarEvent } from "../calendar-event";

/** A value that its format refuses; the message has the product's words without the closing line feed. */
export class FormatFault extends Error {}

/** Passes a value or throws a {@link FormatFault}. */
export type Check = (value: string) => void;

const REALM = /[A-Za-z][A-Za-z0-9.\-_]+/.source;
const USER = /[^\s:/]+/.source;
export const TOKEN_NAME = /[A-Za-z][A-Za-z0-9.\-_]+/.source;
export const USER_ID = new RegExp(`^(${USER})@(${REALM})$`);
export const TOKEN_ID = new RegExp(`^((${USER})@(${REALM}))!(${TOKEN_NAME})$`);
const MAIL_USER = /[\w+\-~]+(\.[\w+\-~]+)*/.source;
const MAIL = new RegExp(`^${MAIL_USER}@[a-zA-Z0-9-]+(\\.[a-zA-Z0-9-]+)*$`);
const DNS_LABEL = "([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)";
const DNS_NAME = new RegExp(`^(${DNS_LABEL}\\.)*${DNS_LABEL}$`);

const FORMATS: Record<string, Check> = {
  string: () => undefined,
  "pve-configid": matching(/^[a-z][a-z0-9_-]+$/i, (value) => `invalid configuration ID '${value}'`),
  "pve-storage-id": checkStorageId,
  "pve-vmid": matching(/^[1-9][0-9]{2,8}$/, () => "value does not look like a valid VM ID"),
  "pve-node": matching(/^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/, () => "value does not look like a valid node name"),
  "pve-userid": checkUserId,
  "pve-groupid": matching(/^[A-Za-z0-9.\-_]+$/, (value) => `group name '${value}' contains invalid characters`),
  "pve-roleid": matching(/^[A-Za-z0-9.\-_]+$/, (value) => `role name '${value}' contains invalid characters`),
  "pve-tokenid": matching(TOKEN_ID, (value) => `value '${value}' does not look like a valid token ID`),
  "pve-realm": matching(new RegExp(`^${REALM}$`), () => "value does not look like a valid realm"),
  "pve-poolid": checkPoolId,
  "pve-tag": matching(/^[a-z0-9_][a-z0-9_\-+.]*$/i, () => "invalid characters in tag"),
  "pve-bridge-id": matching(/^[-_.\w]+$/, (value) => `invalid bridge ID '${value}'`),
  "pve-iface": matching(/^[a-z][a-z0-9_]{1,20}([:.]\d+)?$/i, (value) => `invalid network interface name '${value}'`),
  "pve-day-of-week": matching(/^(mon|tue|wed|thu|fri|sat|sun)$/, (value) => `invalid day '${value}'`),
  "pve-calendar-event": checkCalendarEvent,
  "pve-startup-order": matching(/^(\s*((order=)?\d+|up=\d+|down=\d+)\s*(,|$))+$/, () => "unable to parse startup options"),
  "pve-storage-path": matching(/^\/[^;()]+/, () => "value does not look like a valid absolute path"),
  "pve-storage-content": matching(
    /^(images|rootdir|vztmpl|iso|backup|snippets|none|import)$/,
    (value) => `invalid content type '${value}'`,
  ),
  "pve-storage-options": matching(/^\S+$/, (value) => `invalid options '${value}'`),
  "pve-storage-server": (value) => checkAddress(value, "value does not look like a valid server name or IP address"),
  "pve-storage-portal-dns": (value) =>
    checkAddress(value.replace(/:\d+$/, ""), "value does not look like a valid portal address"),
  "pve-dir-override": matching(/^[a-z]+=[^.]*(\.?[^.]+)+$/, (value) => `invalid override '${value}'`),
  "pve-storage-vgname": matching(/^[a-z0-9][a-z0-9\-_.]*[a-z0-9]$/i, () => "lvm name contains illegal characters"),
  "pve-volume-id": matching(/^[a-z][a-z0-9\-_.]*[a-z0-9]:.+$/i, (value) => `unable to parse volume ID '${value}'`),
  "pve-task-status-type": matching(/^(ok|error|warning|unknown)$/i, (value) => `invalid status '${value}'`),
  "disk-size": matching(/^\d+(\.\d+)?([KMGT](iB)?)?$/, (value) => `value does not look like a valid disk size: ${value}`),
  "dns-name": matching(DNS_NAME, () => "value does not look like a valid DNS name"),
  address: (value) => checkAddress(value, `value does not look like a valid address: ${value}`),
  email: matching(MAIL, () => "value does not look like a valid email address"),
  "email-or-username": matching(
    new RegExp(`${MAIL.source}|^${MAIL_USER}$`),
    () => "value does not look like a valid email address or user name",
  ),
  ip: (value) => demand(isIP(value) !== 0, "value does not look like a valid IP address"),
  ipv4: (value) => demand(isIPv4(value), "value does not look like a valid IPv4 address"),
  ipv6: (value) => demand(isIPv6(value), "value does not look like a valid IPv6 address"),
  CIDR: (value) => demand(isCidr(value, 4) || isCidr(value, 6), "value does not look like a valid CIDR network"),
  "pve-ipv4-config": (value) =>
    demand(/^(dhcp|manual)$/.test(value) || isCidr(value, 4), "value does not look like a valid ipv4 network configuration"),
  "pve-ipv6-config": (value) =>
    demand(/^(auto|dhcp|manual)$/.test(value) || isCidr(value, 6), "value does not look like a valid ipv6 network configuration"),
  "mac-addr": matching(/^[a-f0-9][02468ace](:[a-f0-9]{2}){5}$/i, () => "value does not look like a valid unicast MAC address"),
  urlencoded: matching(/^[-%a-zA-Z0-9_.!~*'()]*$/, (value) => `invalid urlencoded string: ${value}`),
};

/** Registers a format that belongs to one part of the product. */
export function registerFormat(name: string, check: Check): void {
  FORMATS[name] = check;
}

/** The check of a format, without `-list` or `-opt` behind its name. */
export function scalarFormat(name: string): Check | undefined {
  return FORMATS[name];
}

/** The product's lists: entries between commas, semicolons or spaces. */
export function splitList(text: string | undefined): string[] {
  return (text ?? "").split(/[\s,;]+/).filter((entry) => entry !== "");
}

function isCidr(value: string, family: 4 | 6): boolean {
  const [, address = "", length = ""] = /^(.+)\/(\d+)$/.exec(value) ?? [];
  return isIP(address) === family && Number(length) > 7 && Number(length) <= (family === 4 ? 32 : 128);
}

function matching(pattern: RegExp, text: (value: string) => string): Check {
  return (value) => demand(pattern.test(value), text(value));
}

function demand(holds: boolean, text: string): void {
  if (!holds) throw new FormatFault(text);
}

function checkStorageId(value: string): void {
  demand(value.length >= 2, `storage ID '${value}' cannot be shorter than 2 characters`);
  demand(/^[a-z][a-z0-9\-_.]*[a-z0-9]$/i.test(value), `storage ID '${value}' contains illegal characters`);
}

/** Also used where the product reads a user id from the address. */
export function checkUserId(value: string): void {
  demand(value.length >= 3, `user name '${value}' is too short`);
  demand(value.length <= 64, `user name '${value}' is too long (${value.length} > 64)`);
  demand(USER_ID.test(value), `value '${value}' does not look like a valid user name`);
}

function checkPoolId(value: string): void {
  demand(value.split("/").length <= 3, `pool name '${value}' nested too deeply (max levels = 3)`);
  demand(/^[A-Za-z0-9.\-_]+(\/[A-Za-z0-9.\-_]+){0,2}$/.test(value), `pool name '${value}' contains invalid characters`);
}

function checkAddress(value: string, text: string): void {
  demand(isIP(value) !== 0 || DNS_NAME.test(value), text);
}

function checkCalendarEvent(value: string): void {
  const event = value.trim();
  demand(event !== "", `invalid calendar event '${value}' - unable to parse calendar event - event is empty\n`);
  try {
    parseCalendarEvent(event);
  } catch (error) {
    if (error instanceof CalendarEventFault) throw new FormatFault(`invalid calendar event '${value}' - ${error.message}\n`);
    throw error;
  }
}
