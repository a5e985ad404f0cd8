import * as z from "zod";
import { flag, shaped } from "./answers";
import type { DeviceClient } from "./client";
import { type Matcher, type NotificationEndpoint, type Reading, reading } from "./state";

const Matchers = z.array(z.looseObject({ name: z.string(), disable: flag(false), target: z.array(z.string()).default([]) }));
const Endpoints = z.array(z.looseObject({ name: z.string(), disable: flag(false) }));

/** Matchers and mail end points; both products have the same objects under different bases. */
export async function readNotifications(
  client: DeviceClient,
  base: string,
): Promise<{ matchers: Reading<readonly Matcher[]>; endpoints: Reading<readonly NotificationEndpoint[]> }> {
  const get = async <Schema extends z.ZodType>(schema: Schema, path: string) =>
    shaped(schema, await client.get(path), `${client.device} GET ${path}`);
  const [matchers, endpoints] = await Promise.all([
    reading(async () =>
      (await get(Matchers, `${base}/matchers`)).map((raw) => ({ name: raw.name, disabled: raw.disable, targets: raw.target })),
    ),
    reading(async () =>
      (await get(Endpoints, `${base}/endpoints/smtp`)).map((raw) => ({ name: raw.name, disabled: raw.disable })),
    ),
  ]);
  return { matchers, endpoints };
}
