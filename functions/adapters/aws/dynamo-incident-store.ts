import { createHash } from "node:crypto";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type Approval, approvalSchema, incidentSchema } from "../../core/contract/incident.ts";
import { type AuditRecord, auditRecordSchema } from "../../core/contract/work-order.ts";
import { ConflictError } from "../../core/errors.ts";
import type { Clock, Ids, IncidentStore, Log } from "../../core/ports.ts";
import {
  custodies,
  custodyOf,
  handOver,
  incidentKey,
  openIncident,
  openIncidentOf,
  releaseGroup,
  stateItem,
} from "./dynamo-group-lock.ts";
import { ledgersIn } from "./dynamo-ledgers.ts";
import { releaseIfUnchanged } from "./dynamo-release.ts";
import { restsIn } from "./dynamo-rests.ts";
import { snoozesIn } from "./dynamo-snoozes.ts";
import { absent, type Condition, openTable, parseBody, type Table } from "./dynamo-table.ts";
import { waysBackIn } from "./dynamo-ways-back.ts";

const daySeconds = 86_400;
/** How long after they last mattered signals and approvals may be deleted by the table's TTL. */
const keepSeconds = 30 * daySeconds;

/**
 * One table, keys `pk` and `sk`, TTL attribute `ttl` (epoch seconds):
 *
 * | pk | sk | |
 * |---|---|---|
 * | OPEN | GROUP#group | the group's lock: its open incident, and the execution that looks after it |
 * | INCIDENT#id | STATE | the incident, with `revision` |
 * | INCIDENT#id | SIGNAL#sha256 | a signal that was seen; ttl |
 * | INCIDENT#id | REST | token of the state in which its machine rests; ttl |
 * | INCIDENT#id | AUDIT#order#phase | an audit record; written once, never deleted |
 * | APPROVAL#id | STATE | an approval, with `status` and `approvals`; ttl |
 * | LEDGER#group | ORDERS | what was ordered for the group in the last hour, with `revision`; ttl |
 * | SNOOZES | STATE | databases that are left alone for a time, with `revision` |
 * | WAYS-BACK | NOTE#incident#order | when it is looked at whether what was made larger can be given back; ttl |
 * | SETTINGS | LAST-GOOD | the last text of the settings that was good; dynamo-kept-settings.ts writes it |
 *
 * Records lie in `body` as JSON: what conditions compare is lifted out beside it, the rest needs no types of
 * DynamoDB and no limit on nesting.
 */
export function createDynamoIncidentStore({
  client,
  table: tableName,
  clock,
  ids,
  log,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
}): IncidentStore {
  const table = openTable(client, tableName, ids);
  return {
    open: (incident) => openIncident(table, clock, incident),
    openIncidentOf: (group) => openIncidentOf(table, group),
    custodyOf: (group) => custodyOf(table, group),
    custodies: () => custodies(table, log),
    handOver: (before, after) => handOver(table, before, after),
    release: (incident) => releaseGroup(table, clock, incident),
    releaseIfUnchanged: (incident) => releaseIfUnchanged(table, clock, incident),
    get: async (incidentId) => {
      const item = await table.get(incidentKey(incidentId));
      return item === null ? null : parseBody(item, incidentSchema);
    },
    save: async (incident) => {
      const raised = { ...incident, revision: incident.revision + 1 };
      const unchanged = { expression: "revision = :was", values: { ":was": incident.revision } };
      if (await table.putIf(stateItem(raised), unchanged)) return raised;
      throw new ConflictError(`incident ${incident.id} is no longer at revision ${incident.revision}`);
    },
    ...restsIn(table, clock),
    ...ledgersIn(table, clock),
    ...snoozesIn(table),
    ...waysBackIn(table, log),
    recordSignal: (incidentId, signalId) =>
      table.putIf(
        {
          pk: incidentKey(incidentId).pk,
          // A key holds 1,024 bytes; the id contains an alarm's name and ARN, which may be longer.
          sk: `SIGNAL#${createHash("sha256").update(signalId).digest("hex")}`,
          signalId,
          ttl: Math.floor(clock.now() / 1000) + keepSeconds,
        },
        absent,
      ),
    putApproval: (approval) => putApproval(table, approval),
    getApproval: async (approvalId) => {
      const item = await table.get(approvalKey(approvalId));
      return item === null ? null : parseBody(item, approvalSchema);
    },
    replaceApproval: (before, after) => table.putIf(approvalItem(after), stillLike(before)),
    appendAudit: (record) => table.putIf(auditItem(record), absent),
    audit: async (incidentId) => {
      const items = await table.query(incidentKey(incidentId).pk, "AUDIT#");
      return items.map((item) => parseBody(item, auditRecordSchema)).sort(byTime);
    },
  };
}

function approvalKey(id: string) {
  return { pk: `APPROVAL#${id}`, sk: "STATE" };
}

function approvalItem(approval: Approval) {
  const { id, status, approvals, expiresAt } = approval;
  return {
    ...approvalKey(id),
    status,
    approvals: approvals.length,
    ttl: Math.floor(Date.parse(expiresAt) / 1000) + keepSeconds,
    body: JSON.stringify(approval),
  };
}

function stillLike({ status, approvals }: Approval): Condition {
  return {
    expression: "#status = :status AND approvals = :approvals",
    names: { "#status": "status" },
    values: { ":status": status, ":approvals": approvals.length },
  };
}

/** A step that runs again may ask again, with a new task token, but never takes back what somebody has decided. */
async function putApproval(table: Table, approval: Approval): Promise<void> {
  const item = approvalItem(approval);
  const written = await table.putIf(item, {
    expression:
      "attribute_not_exists(pk) OR body = :same OR (#status = :pending AND approvals <= :approvals)",
    names: { "#status": "status" },
    values: { ":same": item.body, ":pending": "pending", ":approvals": item.approvals },
  });
  if (!written) throw new ConflictError(`approval ${approval.id} has been decided or agreed to meanwhile`);
}

function auditItem(record: AuditRecord) {
  return {
    pk: incidentKey(record.incidentId).pk,
    sk: `AUDIT#${record.orderId}#${record.phase}`,
    at: record.at,
    body: JSON.stringify(record),
  };
}

const phaseOrder = { ordered: 0, began: 1, withheld: 2, finished: 3, corrected: 4 } as const;

function byTime(a: AuditRecord, b: AuditRecord): number {
  return Date.parse(a.at) - Date.parse(b.at) || phaseOrder[a.phase] - phaseOrder[b.phase];
}
