import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { AwsError } from "../../../core/errors.ts";
import type { Stamp } from "../../../core/failover/effect.ts";
import type { FailoverLock, LockHolder, RunStore } from "../../../core/failover/ports.ts";
import type { Clock, Ids } from "../../../core/ports.ts";
import { during } from "../attempt.ts";
import { answered } from "../aws-error.ts";
import { openTable, type Table } from "../dynamo-table.ts";
import { callBack, callBeforeShape, keepCallBefore } from "./call-before.ts";
import type { Admitted, FailoverRecords, GroupRecord, MoveAdmitted } from "./failover-reach.ts";
import { aliasKey, aliasSchema, writeAlias } from "./group-alias.ts";
import { promotedSchema, withoutTry, withPromoted } from "./promoted-list.ts";

/** What lies under a group. The token stays when nobody has the lock: it only ever grows. */
const itemSchema = z.object({
  lockRun: z.string().optional(),
  lockToken: z.number().int().nonnegative().default(0),
  lastCallAt: z.string().optional(),
  lastCallBy: z.string().optional(),
  ...callBeforeShape,
  lastRun: z.string().optional(),
  promoted: z.array(promotedSchema).default([]),
});
type Item = z.infer<typeof itemSchema>;

/**
 * The lock of a failover, and with it the record of what it did, in the table of the incidents:
 *
 * | pk | sk | |
 * |---|---|---|
 * | FAILOVER | GROUP#group | lockRun, lockToken, lastEffect; lastRun, lastCall…, callBefore… and promoted stay when the lock is given back |
 * | FAILOVER | PROMOTED#group | the group that an instance belonged to before it became one of its own; ttl |
 *
 * Whoever changes something writes the number of its effect under its own token first, on the condition that no other
 * token and no later effect stands there.
 */
export function createDynamoFailoverLock({
  client,
  table: name,
  ids,
  clock,
  runs,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly runs: Pick<RunStore, "get">;
}): FailoverLock & FailoverRecords {
  const table = openTable(client, name, ids);
  return {
    holder: (group) => answered(async () => holderIn(await itemOf(table, group))),
    take: (group, run, signal) => answered(() => take(table, group, run, signal)),
    release: (group, run, signal, token) =>
      answered(async () => {
        const own = { expression: "lockRun = :run", values: { ":run": run } };
        const one = `${own.expression} AND lockToken = :token`;
        const mine =
          token === undefined ? own : { expression: one, values: { ...own.values, ":token": token } };
        await update(table, group, "REMOVE lockRun", mine, {}, signal);
      }),
    read: (group) => answered(() => readRecord(table, group)),
    admit: (stamp, what, signal) =>
      answered(async () => {
        const group = stamp.group ?? (await runs.get(stamp.run))?.group ?? null;
        if (group === null) throw new AwsError("Deposed", true, `run ${stamp.run} has no group`);
        await admit(table, group, stamp, { what, at: new Date(clock.now()).toISOString() }, signal);
        // Behind the admission: whoever was deposed leaves no name that leads to this group.
        if (what.kind === "promotion") await writeAlias(table, group, what.itsGroup, clock.now());
      }),
    retract: (stamp, what, signal) =>
      answered(async () => {
        const group = stamp.group ?? (await runs.get(stamp.run))?.group ?? null;
        if (group !== null) await retract(table, group, stamp, what, signal);
      }),
  };
}

function groupKey(group: string) {
  return { pk: "FAILOVER", sk: `GROUP#${group}` };
}

async function itemOf(table: Table, group: string): Promise<Item> {
  return itemSchema.parse((await table.get(groupKey(group))) ?? {});
}

function holderIn({ lockRun, lockToken }: Item): LockHolder | null {
  return lockRun === undefined ? null : { run: lockRun, token: lockToken };
}

/** A try whose answer was lost is sent again by the SDK, and takes the lock once more: its token is then the newer one. */
async function take(
  table: Table,
  group: string,
  run: string,
  signal: AbortSignal | undefined,
): Promise<LockHolder> {
  const free = { expression: "attribute_not_exists(lockRun) OR lockRun = :run", values: { ":run": run } };
  const set = "SET lockRun = :run, lockToken = if_not_exists(lockToken, :zero) + :one, lastEffect = :zero";
  const taken = await update(table, group, set, free, { ":zero": 0, ":one": 1 }, signal);
  const holder = holderIn(taken ?? (await itemOf(table, group)));
  // Given back between the two: nobody has it, and the next look takes it.
  return holder ?? { run: "nobody", token: 0 };
}

async function admit(
  table: Table,
  group: string,
  { run, token, effect }: Stamp,
  { what, at }: { readonly what: Admitted; readonly at: string },
  signal: AbortSignal | undefined,
): Promise<void> {
  const promoted = what.kind === "promotion" ? (await itemOf(table, group)).promoted : [];
  const moves = what.kind === "change" ? "" : `, lastCallAt = :at, lastCallBy = :run, ${keepCallBefore.set}`;
  const promotes = what.kind === "promotion" ? ", promoted = :promoted" : "";
  const held = {
    expression: "lockRun = :run AND lockToken = :token AND lastEffect <= :effect",
    values: { ":run": run, ":token": token, ":effect": effect },
  };
  const values = {
    ...(moves === "" ? {} : { ":at": at, ...keepCallBefore.values }),
    ...(what.kind === "promotion" ? { ":promoted": withPromoted(promoted, what) } : {}),
  };
  const set = `SET lastEffect = :effect, lastRun = :run${moves}${promotes}`;
  if ((await update(table, group, set, held, values, signal)) !== null) return;
  throw new AwsError("Deposed", true, `effect ${effect} of token ${token} is older than what was done since`);
}

/** Only of the last effect: what was done since goes by what stands there. */
async function retract(
  table: Table,
  group: string,
  { run, token, effect }: Stamp,
  what: MoveAdmitted,
  signal: AbortSignal | undefined,
): Promise<void> {
  const last = {
    expression: "lockRun = :run AND lockToken = :token AND lastEffect = :effect",
    values: { ":run": run, ":token": token, ":effect": effect },
  };
  const item = await itemOf(table, group);
  const promotes = what.kind === "promotion";
  const left = promotes ? withoutTry(item.promoted, what.node) : item.promoted;
  const others = promotes && left.some(({ node }) => node === what.node);
  // What stood before it is an earlier try, where there was one: that one stays the call by which others go.
  const { set, values } = callBack(item);
  const done = await update(table, group, set, last, { ":left": left, ...values }, signal);
  if (done === null || others || !promotes) return;
  const command = new DeleteCommand({ TableName: table.name, Key: aliasKey(what.itsGroup) });
  await table.documents.send(command, during(signal));
}

async function readRecord(table: Table, asked: string): Promise<GroupRecord> {
  const [told, own] = await Promise.all([table.get(aliasKey(asked)), itemOf(table, asked)]);
  const alias = aliasSchema.safeParse(told);
  const group = alias.success ? alias.data.group : asked;
  const { promoted, lastCallAt, lastCallBy, lastRun } = alias.success ? await itemOf(table, group) : own;
  return {
    ...{ group, promoted, lastCallAt: lastCallAt ?? null },
    ...(lastCallBy === undefined ? {} : { lastCallBy }),
    ...(lastRun === undefined ? {} : { lastRun }),
  };
}

/** The item as it is afterwards; null when the condition did not hold. */
async function update(
  table: Table,
  group: string,
  expression: string,
  condition: { readonly expression: string; readonly values: Readonly<Record<string, string | number>> },
  values: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
): Promise<Item | null> {
  try {
    const { Attributes } = await table.documents.send(
      new UpdateCommand({
        ...{ TableName: table.name, Key: groupKey(group), UpdateExpression: expression },
        ConditionExpression: condition.expression,
        ExpressionAttributeValues: { ...condition.values, ...values },
        ReturnValues: "ALL_NEW",
      }),
      during(signal),
    );
    return itemSchema.parse(Attributes ?? {});
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
}
