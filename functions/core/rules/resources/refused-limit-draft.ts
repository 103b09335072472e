import { clientsAway, fewerClients } from "../../facts/clients-away.ts";
import { metricFact } from "../../facts/metric-facts.ts";
import { lockTableUse, type RefusedLimit, refusedLimit } from "../../facts/refused-limits.ts";
import type { View } from "../../facts/view.ts";
import { grouped } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const words: Readonly<Record<RefusedLimit["name"], { readonly summary: string; readonly remedy: string }>> = {
  max_locks_per_transaction: {
    summary:
      "The shared lock table is full (out of shared memory): whoever needs one lock more fails, and new sessions may be refused",
    remedy:
      "end or commit what holds locks on very many tables, partitions and indexes, a dump or export as a rule; then conditions that prune them, or a larger max_locks_per_transaction, which takes a restart",
  },
  memory: {
    summary: "The server has no memory left for one session more, and refuses it",
    remedy: "fewer sessions, or less memory for each; a restart frees it for a while only",
  },
  threads: {
    summary: "The server cannot start a thread for one session more, and refuses it",
    remedy: "fewer sessions: each takes a thread and its memory; a pool or RDS Proxy before it",
  },
  max_connect_errors: {
    summary:
      "The server has blocked the responder's host after too many broken connections (max_connect_errors)",
    remedy: "TRUNCATE TABLE performance_schema.host_cache frees it; find what breaks connections off",
  },
  configured: {
    summary: "The server has reached a limit that is set for it, and refuses one session more",
    remedy: "see which one its message names",
  },
};

/** Of a server that is full almost to its nominal room, which it keeps a little more than. */
const fullShare = 0.95;

/** The server answers: with which limit it refuses, and who has taken it where that can be seen. */
export function refusedLimitDrafts(view: View): readonly FindingDraft[] {
  const limit = refusedLimit(view) ?? crowdedLockTable(view);
  if (limit === null) return [];
  const { name, source, says, everybody } = limit;
  const { summary, remedy } = words[name];
  // Of a small part no day is without.
  const gone = name === "max_connect_errors" && fewerClients(view) !== null ? clientsAway(view, null) : null;
  const because = "statements and sessions are refused for want of it";
  return [
    {
      subject: name,
      severity: everybody || gone !== null ? "P1" : "P2",
      confidence: 0.9,
      summary: `${summary}${name === "max_connect_errors" ? othersText(view) : ""}`,
      evidence: [
        { source, says },
        ...(name === "max_locks_per_transaction" ? takers(view) : []),
        { source: "engine", says: `the remedy: ${remedy}` },
      ],
      explains: [
        { cause: "error-storm", because },
        { cause: "lock-manager-contention", because: "every lock goes through the one table that is full" },
        { cause: "database-unreachable", because },
      ],
      actions: [],
    },
  ];
}

/** Behind a load balancer or NAT clients come from the same address. */
function othersText(view: View): string {
  const missing = (fewerClients(view) && clientsAway(view, null)?.says) ?? fewerClients(view);
  if (missing !== null) return `; clients are missing, too: ${missing}`;
  const connections = metricFact(view, "DatabaseConnections")?.latest ?? 0;
  return connections > 0 ? "; others are connected" : "; whether others get in was not seen";
}

function crowdedLockTable(view: View): RefusedLimit | null {
  const table = lockTableUse(view);
  if (table === null || table.room === null || table.used < table.room * fullShare) return null;
  const says = `${grouped(table.used)} locks stand in the shared lock table, which has room for about ${grouped(table.room)} (max_locks_per_transaction times max_connections)`;
  return { name: "max_locks_per_transaction", source: "postgres-relation-locks", says, everybody: true };
}

function takers(view: View): FindingDraft["evidence"] {
  const table = lockTableUse(view);
  if (table === null) {
    return [{ source: "postgres-relation-locks", says: "who holds the locks could not be seen" }];
  }
  return table.takers.map((says) => ({ source: "postgres-relation-locks", says }));
}
