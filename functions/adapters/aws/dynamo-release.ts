import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Incident } from "../../core/contract/incident.ts";
import { ResponderError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
import { incidentKey, lockKey, pauseMs, tries } from "./dynamo-group-lock.ts";
import type { Table } from "./dynamo-table.ts";

/** Deletes the lock if the incident is still as the caller knows it: in one transaction, so that no write slips between. */
export async function releaseIfUnchanged(table: Table, clock: Clock, incident: Incident): Promise<boolean> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const result = await tryRelease(table, incident);
    if (result !== "contended") return result === "released";
    await clock.sleep(pauseMs * attempt);
  }
  throw new ResponderError(
    `group ${incident.group} stayed contended, incident ${incident.id} is not released`,
  );
}

async function tryRelease(
  { documents, name: TableName, newMark }: Table,
  { id, group, revision }: Incident,
): Promise<"released" | "changed" | "contended"> {
  const lock = {
    TableName,
    Key: { ...lockKey(group) },
    ConditionExpression: "incidentId = :own",
    ExpressionAttributeValues: { ":own": id },
  };
  const state = {
    TableName,
    Key: { ...incidentKey(id) },
    ConditionExpression: "revision = :was",
    ExpressionAttributeValues: { ":was": revision },
  };
  try {
    await documents.send(
      new TransactWriteCommand({
        ClientRequestToken: newMark(),
        TransactItems: [{ Delete: lock }, { ConditionCheck: state }],
      }),
    );
    return "released";
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    return whyCancelled(error);
  }
}

function whyCancelled(error: TransactionCanceledException): "released" | "changed" | "contended" {
  const [lock, state] = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
  // The lock is another's or nobody's: it was given back before, or the answer to the first try was lost.
  if (lock === "ConditionalCheckFailed") return "released";
  if (state === "ConditionalCheckFailed") return "changed";
  for (const code of [lock, state]) {
    if (!code || !["None", "TransactionConflict", "ThrottlingError"].includes(code)) throw error;
  }
  return "contended";
}
