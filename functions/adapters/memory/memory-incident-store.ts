import { type Custody, custodySchema } from "../../core/contract/custody.ts";
import {
  type Approval,
  approvalSchema,
  type Incident,
  incidentSchema,
} from "../../core/contract/incident.ts";
import { type AuditRecord, auditRecordSchema } from "../../core/contract/work-order.ts";
import { ConflictError, messageOf } from "../../core/errors.ts";
import { firstCustody } from "../../core/incident/custody.ts";
import type { IncidentStore, Log } from "../../core/ports.ts";
import { createCollectingLog } from "./collecting-log.ts";
import { createMemoryLedgers } from "./memory-ledgers.ts";
import { createMemoryWaysBack } from "./memory-ways-back.ts";

/**
 * Records are kept as JSON text and parsed on the way out, as the real store does: no caller shares an object
 * with another, and what would not survive the table does not survive here.
 */
interface Content {
  /** Group → who looks after its open incident. */
  readonly open: Map<string, string>;
  readonly incidents: Map<string, string>;
  readonly signals: Set<string>;
  /** Incident → token of its newest rest. */
  readonly rests: Map<string, string>;
  readonly approvals: Map<string, string>;
  /** By order and phase, in the order of writing. */
  readonly audit: Map<string, string>;
}

/** The incident store in memory, with the real one's conditions. A check and its write happen in one turn. */
export function createMemoryIncidentStore(log: Log = createCollectingLog()): IncidentStore {
  const content: Content = {
    open: new Map(),
    incidents: new Map(),
    signals: new Set(),
    rests: new Map(),
    approvals: new Map(),
    audit: new Map(),
  };
  return {
    ...incidentsIn(content, log),
    ...approvalsIn(content),
    ...auditIn(content),
    ...createMemoryLedgers(),
    ...createMemoryWaysBack(),
    putRest: async (incidentId, taskToken) => {
      content.rests.set(incidentId, taskToken);
    },
    getRest: async (incidentId) => content.rests.get(incidentId) ?? null,
    recordSignal: async (incidentId, signalId) => {
      const key = JSON.stringify([incidentId, signalId]);
      if (content.signals.has(key)) return false;
      content.signals.add(key);
      return true;
    },
  };
}

type IncidentPart = Pick<
  IncidentStore,
  | "open"
  | "reopen"
  | "openIncidentOf"
  | "custodyOf"
  | "custodies"
  | "handOver"
  | "get"
  | "save"
  | "release"
  | "releaseIfUnchanged"
>;

function incidentsIn({ open, incidents }: Content, log: Log): IncidentPart {
  const custodyOf = (group: string): Custody | null => {
    const text = open.get(group);
    return text === undefined ? null : custodySchema.parse(JSON.parse(text));
  };
  const readable = (group: string): Custody[] => {
    try {
      return [custodyOf(group) ?? []].flat();
    } catch (error) {
      log.error("custody.unreadable", { reason: `${group}: ${messageOf(error)}` });
      log.metric("CustodiesUnreadable", 1, "Count");
      return [];
    }
  };
  const read = (id: string): Incident | null => {
    const text = incidents.get(id);
    return text === undefined ? null : incidentSchema.parse(JSON.parse(text));
  };
  return {
    open: async (incident) => {
      const holder = custodyOf(incident.group)?.incidentId;
      if (holder === incident.id) return { kind: "opened" };
      if (holder !== undefined) return { kind: "exists", incidentId: holder };
      if (incidents.has(incident.id))
        throw new ConflictError(`incident ${incident.id} exists and is not open`);
      open.set(incident.group, JSON.stringify(firstCustody(incident)));
      incidents.set(incident.id, JSON.stringify(incident));
      return { kind: "opened" };
    },
    reopen: async (custody) => {
      const holder = custodyOf(custody.group)?.incidentId;
      if (holder === undefined) open.set(custody.group, JSON.stringify(custody));
      return (holder ?? custody.incidentId) === custody.incidentId;
    },
    openIncidentOf: async (group) => custodyOf(group)?.incidentId ?? null,
    custodyOf: async (group) => custodyOf(group),
    custodies: async () => [...open.keys()].flatMap(readable),
    handOver: async (before, after) => {
      const now = custodyOf(before.group);
      if (now?.incidentId !== before.incidentId || now.execution !== before.execution) return false;
      open.set(before.group, JSON.stringify(after));
      return true;
    },
    get: async (incidentId) => read(incidentId),
    save: async (incident) => {
      if (read(incident.id)?.revision !== incident.revision) {
        throw new ConflictError(`incident ${incident.id} is no longer at revision ${incident.revision}`);
      }
      const raised = { ...incident, revision: incident.revision + 1 };
      incidents.set(incident.id, JSON.stringify(raised));
      return raised;
    },
    releaseIfUnchanged: async ({ group, id, revision }) => {
      if (custodyOf(group)?.incidentId !== id) return true;
      if (read(id)?.revision !== revision) return false;
      open.delete(group);
      return true;
    },
    release: async ({ group, id }) => {
      if (custodyOf(group)?.incidentId === id) open.delete(group);
    },
  };
}

type ApprovalPart = Pick<IncidentStore, "putApproval" | "getApproval" | "replaceApproval">;

function approvalsIn({ approvals }: Content): ApprovalPart {
  const read = (id: string): Approval | null => {
    const text = approvals.get(id);
    return text === undefined ? null : approvalSchema.parse(JSON.parse(text));
  };
  return {
    putApproval: async (approval) => {
      const text = JSON.stringify(approval);
      const stored = read(approval.id);
      const mayReplace =
        stored === null ||
        approvals.get(approval.id) === text ||
        (stored.status === "pending" && stored.approvals.length <= approval.approvals.length);
      if (!mayReplace)
        throw new ConflictError(`approval ${approval.id} has been decided or agreed to meanwhile`);
      approvals.set(approval.id, text);
    },
    getApproval: async (approvalId) => read(approvalId),
    replaceApproval: async (before, after) => {
      const stored = read(after.id);
      if (stored?.status !== before.status || stored.approvals.length !== before.approvals.length)
        return false;
      approvals.set(after.id, JSON.stringify(after));
      return true;
    },
  };
}

function auditIn({ audit }: Content): Pick<IncidentStore, "appendAudit" | "audit"> {
  return {
    appendAudit: async (record) => {
      const key = JSON.stringify([record.incidentId, record.orderId, record.phase]);
      if (audit.has(key)) return false;
      audit.set(key, JSON.stringify(record));
      return true;
    },
    audit: async (incidentId) =>
      [...audit.values()]
        .map((text) => auditRecordSchema.parse(JSON.parse(text)))
        .filter((record) => record.incidentId === incidentId)
        .sort(byTime),
  };
}

const phaseOrder = { ordered: 0, began: 1, withheld: 2, finished: 3, corrected: 4 } as const;

function byTime(a: AuditRecord, b: AuditRecord): number {
  return Date.parse(a.at) - Date.parse(b.at) || phaseOrder[a.phase] - phaseOrder[b.phase];
}
