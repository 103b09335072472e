import { type Capacity, capacityOf, takenText } from "../../facts/capacity.ts";
import { largestHolders } from "../../facts/connection-families.ts";
import { countsByState } from "../../facts/connection-groups.ts";
import { type OutsideCapacity, outsideCapacity, shareText } from "../../facts/connection-limit.ts";
import { connectionsBefore } from "../../facts/connections-before.ts";
import { cpuPressure } from "../../facts/cpu-pressure.ts";
import { keepsConnections, loggedLockQueue } from "../../facts/logged-lock-queue.ts";
import { lowMemory } from "../../facts/memory.ts";
import { memoryByConnections } from "../../facts/memory-by-connections.ts";
import { type MetricFact, metricFact, usualHigh } from "../../facts/metric-facts.ts";
import { slotsFullIn, soonSeconds } from "../../facts/outside-climb.ts";
import { dbLoad, hasLittleLoad, hasRoom, isFlat, isStill } from "../../facts/outside-load.ts";
import { slotRefusals } from "../../facts/slot-refusals.ts";
import { isAsEver } from "../../facts/usual.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import { freeIdleConnections } from "../../remedies/connection-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { ownLimitsNear } from "./own-limit-draft.ts";

export const connectionsNearLimit = defineRule({
  id: "connections-near-limit",
  spec: ["D4"],
  category: "connections",
  title: "Few connection slots are left",
  needs: [
    "postgres-server",
    "mysql-server",
    "postgres-connections",
    "postgres-own-limits",
    "mysql-connections",
    "mysql-innodb-rates",
    "DatabaseConnections",
    "FreeableMemory",
  ],
  evaluate: (view) => {
    const capacity = capacityOf(view);
    if (capacity === null) return fromOutside(view);
    if (capacity.level === "ok") return [...onceFull(view, capacity), ...ownLimitsNear(view)];
    if (capacity.level === "full") return [];
    const { usable, max } = capacity;
    const groups = view.connections ?? [];
    const holders = largestHolders(groups);
    return [
      {
        subject: "",
        severity: capacity.level === "critical" ? "P1" : "P2",
        confidence: 0.95,
        summary: `${takenText(capacity)}: ${countsByState(groups)}${holders[0] === undefined ? "" : `; the most: ${holders[0]}`}${connectionsBefore(view)}`,
        evidence: [
          { source: "server", says: `max_connections ${max}, ${max - usable} of them reserved` },
          ...holders.slice(0, 3).map((says) => ({ source: "connections", says })),
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
 * Without a look inside: CloudWatch's count against the limit, its pace, and the alarm that is on. The alarm is a
 * witness, not the judge: a count that is flat and works little is worth a note. Being refused for want of a slot is
 * surer, and another rule's.
 */
function fromOutside(view: View): readonly FindingDraft[] {
  const outside = outsideCapacity(view);
  if (outside === null || view.evidence.connection.failedStep === "no-free-slot") return [];
  if (slotRefusals(view)?.doubted === false) return [];
  const judged = judge(view, outside);
  if (judged === null) return [];
  return [
    {
      subject: "",
      ...judged,
      summary: `CloudWatch counts ${outside.used} connections${limitText(view, outside)}${connectionsBefore(view)}${paceWarning(view)}; who holds them could not be seen`,
      evidence: [
        { source: "DatabaseConnections", says: `${outside.used} at ${outside.at}` },
        ...workText(view),
      ],
      explains: triesAgain(view, outside),
      actions: [],
    },
  ];
}

/** Without a slot nobody signs in, and attempts take no CPU. */
function triesAgain(view: View, { used, limit }: OutsideCapacity): FindingDraft["explains"] {
  const isFull = limit !== null && used >= limit;
  if (!isFull || (cpuPressure(view)?.severity ?? "P3") !== "P3") return [];
  return [{ cause: "connection-storm", subject: "attempts", because: "who finds no slot tries again" }];
}

function judge(
  view: View,
  { used, limit, alarming }: OutsideCapacity,
): Pick<FindingDraft, "severity" | "confidence"> | null {
  const share = limit === null ? null : (used / limit) * 100;
  const { connectionsWarnPercent, connectionsCriticalPercent } = view.thresholds;
  if (share !== null && share >= connectionsWarnPercent)
    return { severity: share >= connectionsCriticalPercent ? "P1" : "P2", confidence: 0.45 };
  if ((slotsFullIn(view) ?? Number.POSITIVE_INFINITY) <= soonSeconds) {
    // Where each takes of a memory that is nearly gone, that ends first.
    const memoryFirst = lowMemory(view)?.low === true && memoryByConnections(view) !== null;
    return { severity: memoryFirst ? "P3" : "P2", confidence: 0.4 };
  }
  const fact = metricFact(view, "DatabaseConnections");
  const ofWarning = (share ?? 100) / connectionsWarnPercent;
  if (!alarming || isNoNews(view, fact, ofWarning)) return null;
  const isNote = isCalm(view, fact) || areFew(view, fact, ofWarning);
  return { severity: isNote ? "P3" : "P2", confidence: 0.35 };
}

/** It works little and is no news, or many wait, who keep their connections, and what they wait for is told. */
function isCalm(view: View, fact: MetricFact | null): boolean {
  const queue = loggedLockQueue(view);
  if (queue?.request && keepsConnections(view, queue)) return true;
  return fact !== null && (isFlat(fact) || isAsEver(fact)) && hasLittleLoad(view) && hasRoom(view);
}

/**
 * Of what would be worth a warning not half, and no more than ever at this hour, or not a quarter, and they stay as many
 * and leave CPUs free: the threshold is what is near, not the limit.
 */
function isNoNews(view: View, fact: MetricFact | null, ofWarning: number): boolean {
  if (fact === null) return false;
  if (ofWarning < 1 / 2 && isAsEver(fact)) return true;
  const usual = usualHigh(fact);
  return usual !== null && fact.latest <= moreThanUsual * usual && areFew(view, fact, ofWarning);
}

const moreThanUsual = 1.3;

/** Of a limit that nobody told full looks like that, too: a note, where far more than as a rule are there. */
function areFew(view: View, fact: MetricFact | null, ofWarning: number): boolean {
  return fact !== null && ofWarning < 1 / 4 && isStill(fact) && hasRoom(view);
}

function paceWarning(view: View): string {
  const left = slotsFullIn(view);
  return left === null || left > soonSeconds
    ? ""
    : `; at the pace of the last minutes no slot is left in ${duration(left)}`;
}

function limitText(view: View, outside: OutsideCapacity): string {
  const threshold = view.evidence.signal?.threshold ?? null;
  const over = outside.alarming && threshold !== null && outside.used >= threshold;
  const share = shareText(outside);
  const about = outside.used > (outside.limit ?? 0) ? "" : "about ";
  return `${over ? `, over the alarm's threshold of ${threshold}` : ""}${share === null ? "" : `, ${about}${share} (${outside.because})`}`;
}

/** Whether they work or sit idle: DB load counts those that work. */
function workText(view: View): FindingDraft["evidence"] {
  const load = dbLoad(view);
  if (load === null) return [];
  const active = Math.round(load * 10) / 10;
  return [{ source: "DBLoad", says: `${active} of them work on average; the others sit idle` }];
}
