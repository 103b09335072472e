import {
  ConditionalCheckFailedException,
  TransactionCanceledException,
  TransactionConflictException,
} from "@aws-sdk/client-dynamodb";
import { DeleteCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { type Custody, custodySchema } from "../../core/contract/custody.ts";
import type { Incident } from "../../core/contract/incident.ts";
import { ConflictError, messageOf, ResponderError } from "../../core/errors.ts";
import { firstCustody } from "../../core/incident/custody.ts";
import type { Clock, Log, OpenResult } from "../../core/ports.ts";
import { absent, type Key, parseBody, type Table } from "./dynamo-table.ts";

/** Transactions on one item cancel each other while they overlap: a storm needs a few tries, each a little later. */
export const tries = 8;
export const pauseMs = 25;

/** All locks in one partition: what is open is found by a query of it, without an index or a scan. */
const openGroups = "OPEN";
const groupPrefix = "GROUP#";

export function incidentKey(incidentId: string): Key {
  return { pk: `INCIDENT#${incidentId}`, sk: "STATE" };
}

export function lockKey(group: string): Key {
  return { pk: openGroups, sk: `${groupPrefix}${group}` };
}

function lockItem(custody: Custody) {
  const { group, incidentId, execution } = custody;
  return { ...lockKey(group), incidentId, execution, body: JSON.stringify(custody) };
}

export function stateItem(incident: Incident) {
  return {
    ...incidentKey(incident.id),
    revision: incident.revision,
    group: incident.group,
    status: incident.status,
    updatedAt: incident.updatedAt,
    body: JSON.stringify(incident),
  };
}

export async function openIncidentOf(table: Table, group: string): Promise<string | null> {
  return (await custodyOf(table, group))?.incidentId ?? null;
}

export async function custodyOf(table: Table, group: string): Promise<Custody | null> {
  const item = await table.get(lockKey(group));
  return item === null ? null : parseBody(item, custodySchema);
}

export async function custodies(table: Table, log: Log): Promise<readonly Custody[]> {
  const items = await table.query(openGroups, groupPrefix);
  return items.flatMap((item) => readable(item, log));
}

/** One that is not what belongs there would otherwise leave every other group without anybody who looks after it. */
function readable(item: unknown, log: Log): readonly Custody[] {
  try {
    return [parseBody(item, custodySchema)];
  } catch (error) {
    log.error("custody.unreadable", { reason: messageOf(error) });
    log.metric("CustodiesUnreadable", 1, "Count");
    return [];
  }
}

export function handOver(table: Table, before: Custody, after: Custody): Promise<boolean> {
  return table.putIf(lockItem(after), {
    expression: "incidentId = :id AND execution = :execution",
    values: { ":id": before.incidentId, ":execution": before.execution },
  });
}

/** Again for one that was closed; true as well where it has it already. */
export async function reopen(table: Table, custody: Custody): Promise<boolean> {
  if (await table.putIf(lockItem(custody), absent)) return true;
  return (await openIncidentOf(table, custody.group)) === custody.incidentId;
}

/** Creates the incident and takes its group's lock, both or neither. Opening the holder again answers "opened". */
export async function openIncident(table: Table, clock: Clock, incident: Incident): Promise<OpenResult> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const result = await tryOpen(table, incident);
    if (result === "opened") return { kind: "opened" };
    const incidentId = await openIncidentOf(table, incident.group);
    if (incidentId === incident.id) return { kind: "opened" };
    if (incidentId !== null) return { kind: "exists", incidentId };
    if (result === "id-used") throw new ConflictError(`incident ${incident.id} exists and is not open`);
    // Released between the two calls, or another transaction is under way.
    await clock.sleep(pauseMs * attempt);
  }
  throw new ResponderError(`group ${incident.group} stayed contended, incident ${incident.id} is not open`);
}

async function tryOpen(table: Table, incident: Incident): Promise<"opened" | "id-used" | "contended"> {
  const put = (Item: Record<string, unknown>) => ({
    Put: { TableName: table.name, Item, ConditionExpression: absent.expression },
  });
  try {
    await table.documents.send(
      new TransactWriteCommand({
        ClientRequestToken: table.newMark(),
        TransactItems: [put(lockItem(firstCustody(incident))), put(stateItem(incident))],
      }),
    );
    return "opened";
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return whyCancelled(error);
  }
}

function whyCancelled(error: TransactionCanceledException): "id-used" | "contended" {
  const [lock, state] = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
  if (state === "ConditionalCheckFailed" && lock === "None") return "id-used";
  const expected = ["None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError"];
  for (const code of [lock, state]) if (!code || !expected.includes(code)) throw error;
  return "contended";
}

type Held = Pick<Incident, "id" | "group">;

/** Gives the lock back; nothing happens when another incident has it by now. */
export async function releaseGroup(table: Table, clock: Clock, incident: Held): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await deleteLock(table, incident);
      return;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return;
      // A transaction of somebody who tries to open the group holds the item for a moment.
      if (!(error instanceof TransactionConflictException) || attempt === tries) throw error;
      await clock.sleep(pauseMs * attempt);
    }
  }
}

async function deleteLock(table: Table, { group, id }: Held): Promise<void> {
  await table.documents.send(
    new DeleteCommand({
      TableName: table.name,
      Key: { ...lockKey(group) },
      ConditionExpression: "incidentId = :own",
      ExpressionAttributeValues: { ":own": id },
    }),
  );
}
