import * as z from "zod";
import type { Table } from "../dynamo-table.ts";

export const aliasSchema = z.object({ group: z.string() });

const always = { expression: "attribute_not_exists(pk) OR attribute_exists(pk)" };

/** So long the promoted one is known to have come out of its group. */
const aliasSeconds = 90 * 86_400;

export function aliasKey(group: string) {
  return { pk: "FAILOVER", sk: `PROMOTED#${group}` };
}

export async function writeAlias(table: Table, group: string, itsGroup: string, now: number): Promise<void> {
  const ttl = Math.floor(now / 1000) + aliasSeconds;
  await table.putIf({ ...aliasKey(itsGroup), group, ttl }, always);
}
