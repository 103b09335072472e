import { type Capacity, capacityOf } from "../../facts/capacity.ts";
import { countsByState, describeGroup, largestFirst } from "../../facts/connection-groups.ts";
import { type OutsideCapacity, outsideCapacity } from "../../facts/connection-limit.ts";
import { latestMetric } from "../../facts/latest-metric.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { freeIdleConnections } from "../../remedies/connection-remedies.ts";
import { duration, percent } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

export const connectionsNearLimit = defineRule({
  id: "connections-near-limit",
  spec: ["D4"],
  category: "connections",
  title: "Few connection slots are left",
  needs: [
    "postgres-server",
    "mysql-server",
    "postgres-connections",
    "mysql-connections",
    "mysql-innodb-rates",
    "DatabaseConnections",
  ],
  evaluate: (view) => {
    const capacity = capacityOf(view);
    if (capacity === null) return fromOutside(view);
    if (capacity.level === "ok") return onceFull(view, capacity);
    if (capacity.level === "full") return [];
    const { used, usable, max } = capacity;
    const groups = largestFirst(view.connections ?? []);
    return [
      {
        subject: "",
        severity: capacity.level === "critical" ? "P1" : "P2",
        confidence: 0.95,
        summary: `${used} of ${usable} usable connections are taken (${percent(used, usable)}): ${countsByState(groups)}`,
        evidence: [
          { source: "server", says: `max_connections ${max}, ${max - usable} of them reserved` },
          ...groups.slice(0, 3).map((group) => ({ source: "connections", says: describeGroup(group) })),
          ...mostUsed(view).map(({ source, says }) => ({ source, says })),
        ],
        explains: [],
        actions: freeIdleConnections(view),
      },
    ];
  },
});

/** The highest count since the server's start; empty where it is not kept. */
function mostUsed(view: View) {
  const row = view.rows(mysqlInnodbRatesRows)?.[0];
  const most = row?.threads.maxUsed ?? null;
  if (row === undefined || most === null) return [];
  const says = `${most} at the most since the start ${duration(row.uptimeSeconds)} ago`;
  return [{ source: mysqlInnodbRatesRows.id, most, says }];
}

/** A limit that was reached once is reached again; now there is room. */
function onceFull(view: View, { usable, max }: Capacity): readonly FindingDraft[] {
  return mostUsed(view)
    .filter(({ most }) => most >= usable)
    .map(({ source, most, says }) => ({
      subject: "",
      severity: "P3",
      confidence: 0.6,
      summary: `Connections have reached their limit before: ${most} of ${max}; there is room now`,
      evidence: [{ source, says }],
      explains: [],
      actions: [],
    }));
}

/**
 * Without a look inside: CloudWatch's count against the limit that the instance's size gives by default, or against
 * the threshold of the alarm that is on. Being refused for want of a slot is surer, and another rule's.
 */
function fromOutside(view: View): readonly FindingDraft[] {
  const outside = outsideCapacity(view);
  if (outside === null || view.evidence.connection.failedStep === "no-free-slot") return [];
  const { used, limit, alarming } = outside;
  const share = limit === null ? null : (used / limit) * 100;
  const { connectionsWarnPercent, connectionsCriticalPercent } = view.thresholds;
  if (!alarming && (share === null || share < connectionsWarnPercent)) return [];
  return [
    {
      subject: "",
      severity: share !== null && share >= connectionsCriticalPercent ? "P1" : "P2",
      confidence: share === null || share < connectionsWarnPercent ? 0.35 : 0.45,
      summary: `CloudWatch counts ${used} connections${limitText(view, outside)}; who holds them could not be seen`,
      evidence: [{ source: "DatabaseConnections", says: `${used} at ${outside.at}` }, ...loadText(view)],
      explains: [],
      actions: [],
    },
  ];
}

function limitText(view: View, { used, limit, because, alarming }: OutsideCapacity): string {
  const threshold = view.evidence.signal?.threshold ?? null;
  const alarm = alarming && threshold !== null ? `, over the alarm's threshold of ${threshold}` : "";
  return limit === null ? alarm : `${alarm}, about ${percent(used, limit)} of some ${limit} (${because})`;
}

/** Whether they work or sit idle: DB load counts those that work. */
function loadText({ evidence }: View): FindingDraft["evidence"] {
  const load = latestMetric(evidence, ["DBLoad"]);
  if (load === null) return [];
  const active = Math.round(load.value * 10) / 10;
  return [{ source: "DBLoad", says: `${active} of them work on average; the others sit idle` }];
}
