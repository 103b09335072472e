import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { inCategory, minutesSince, recentEvents, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { defineRule } from "../define.ts";

/**
 * Statuses in which RDS itself is at work on the instance and it may restart. `backing-up`, `storage-optimization`,
 * `configuring-…` are none of them: the database goes on.
 */
const atWork =
  /^(maintenance|upgrading|modifying|rebooting|renaming|storage-config-upgrade|resetting-master-credentials|moving-to-vpc|converting-to-vpc)$/;
/** Of a cluster too: nobody is served meanwhile, or not for a while. */
const interrupts = /^(maintenance|upgrading|rebooting|backtracking|promoting|migrating)$/;
const maxMinutes = 6 * 60;

export const maintenanceRunning = defineRule({
  id: "maintenance-running",
  spec: ["D4", "M2", "M3"],
  category: "availability",
  title: "RDS is at work on the instance",
  needs: ["DescribeDBInstances", "DescribeEvents", "connection"],
  evaluate: (view) => {
    const self = selfOf(view);
    const status = statusNow(view);
    const event = openEvent(view);
    const busy = isWork(status);
    // An event may be late or lost; the status is what RDS says now.
    if (!busy && (event === null || status === "available")) return [];
    const down = view.evidence.connection.status === "not-connected";
    const since = event === null ? "" : `, begun ${minutesSince(view, event.at)} min ago: ${event.message}`;
    const pending = (self?.pending ?? [])
      .map(({ name, value }) => (value === null ? name : `${name} to ${value}`))
      .toSorted();
    return [
      {
        subject: "",
        severity: severityOf(status, down),
        confidence: 0.9,
        summary: `RDS is at work on the database (${status ?? "status not known"}${since})${pending.length === 0 ? "" : `; being changed: ${pending.join(", ")}`}${down ? "; until it has ended it cannot be reached" : ""}`,
        evidence: [
          { source: "DescribeDBInstances", says: `status ${status ?? "unknown"}` },
          ...(event === null ? [] : [{ source: "DescribeEvents", says: `${event.at} ${event.message}` }]),
        ],
        explains: becauseOfMaintenance,
        actions: [],
      },
    ];
  },
});

function isWork(status: string | null): boolean {
  return atWork.test(status ?? "") || interrupts.test(status ?? "");
}

/** Readers come and go while a cluster is being modified; its members say themselves what becomes of them. */
function statusNow(view: View): string | null {
  const own = selfOf(view)?.status ?? null;
  const its = view.evidence.context?.topology?.cluster?.status ?? null;
  return own === null || (!isWork(own) && interrupts.test(its ?? "")) ? its : own;
}

/** The newest word about maintenance, unless it says that it has ended. */
function openEvent(view: View): { at: string; message: string } | null {
  const newest = recentEvents(view, maxMinutes).find(
    (event) => inCategory(event, "maintenance") || /\b(patching|maintenance|upgrade)\b/i.test(event.message),
  );
  if (newest === undefined) return null;
  return /finished|complete|patched|has been (applied|upgraded)|scheduled|available|pending/i.test(
    newest.message,
  )
    ? null
    : newest;
}

/** Nobody suffers from a change that the database survives; an outage is one whoever caused it. */
function severityOf(status: string | null, down: boolean): Severity {
  if (down) return "P0";
  return /^(maintenance|upgrading|rebooting|backtracking|promoting|migrating)$/.test(status ?? "")
    ? "P2"
    : "P3";
}

const becauseOfMaintenance: readonly Explanation[] = [
  { cause: "database-unreachable", because: "RDS restarts it" },
  { cause: "failover-happened", because: "maintenance of a Multi-AZ instance is done by failing over" },
  { cause: "restart-or-crash", because: "the restart is part of it" },
  { cause: "database-read-only", because: "an upgrade holds writes back" },
  { cause: "replication-stopped", because: "replication pauses while an instance is upgraded" },
];
