import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import { capacityOf, explainsPressure, takenText } from "../../facts/capacity.ts";
import { connectionTrend } from "../../facts/connection-trend.ts";
import { connectionsBefore } from "../../facts/connections-before.ts";
import { youngAtHeavy } from "../../facts/heavy-statements.ts";
import { slotRefusals } from "../../facts/slot-refusals.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import type { ConnectionGroup } from "../../probes/rows.ts";
import { turnAwayLoad } from "../../remedies/connection-remedies.ts";
import { compare } from "../../text/compare.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";
import { attemptsDraft } from "./attempts-draft.ts";
import { churnDraft } from "./churn-draft.ts";
import { newConnectionsDraft } from "./new-connections-draft.ts";
import { visitsDraft } from "./visits-draft.ts";

export const connectionStorm = defineRule({
  id: "connection-storm",
  spec: ["D4"],
  category: "connections",
  title: "Clients open connections faster than the database can take them",
  needs: [
    "postgres-connections",
    "mysql-connections",
    "mysql-innodb-rates",
    "postgres-database-rates",
    "DatabaseConnections",
    "ConnectionAttempts",
    "CPUUtilization",
  ],
  evaluate: (view) => {
    const refused = view.evidence.connection.failedStep === "no-free-slot";
    const level = capacityOf(view)?.level ?? null;
    const short = refused || level === "warn" || level === "critical" || level === "full";
    const wave = waveOf(view);
    // After a restart or a deployment all connections are young, and nobody is the worse for it.
    if (wave === null || !short) {
      const drafts = [churnDraft, visitsDraft, newConnectionsDraft, attemptsDraft].map((draft) =>
        draft(view),
      );
      return drafts.find(({ length }) => length > 0) ?? [];
    }
    return [draftOf(view, wave, refused || level !== "warn" ? "P1" : "P2")];
  },
});

/** A wave of new connections, and how that is known. */
interface Wave {
  readonly opened: number;
  readonly seconds: number;
  readonly source: string;
  readonly confidence: number;
}

/** So many, and such a share of all that there are: a pool that grows by ten is no storm. */
const minOpened = 20;
/** Who came within it may be of the wave. */
const waveSeconds = 60;
const minShare = 0.5;

/** The surest sight of it. */
function waveOf(view: View): Wave | null {
  const used = capacityOf(view)?.used ?? 0;
  const most =
    view.connections === null
      ? Number.POSITIVE_INFINITY
      : used - settledOf(view.connections) - youngAtHeavy(view, waveSeconds);
  const waves = [youngOf(view), rateOf(view), jumpOf(view)].filter((wave) => wave !== null);
  return (
    waves
      .map((wave) => ({ ...wave, opened: Math.min(wave.opened, most) }))
      .find(({ opened }) => opened >= minOpened && opened >= minShare * used) ?? null
  );
}

/**
 * Connections that are surely no part of a storm: those that have been in one state for over a minute, and those that
 * wait for a lock, where new ones are the symptom. Attempts that are refused count as attempts, too.
 */
function settledOf(connections: readonly ConnectionGroup[]): number {
  return connections.reduce((sum, group) => {
    const old = (group.medianStateSeconds ?? 0) >= waveSeconds ? Math.ceil(group.count / 2) : 0;
    return sum + Math.min(group.count, Math.max(old, group.idleOverLeak) + group.waitingOnLock);
  }, 0);
}

/** PostgreSQL knows when each connection was made. */
function youngOf({ connections }: View): Wave | null {
  if (connections === null || connections.every(({ openedLastMinute }) => openedLastMinute === undefined)) {
    return null;
  }
  const opened = connections.reduce((sum, group) => sum + (group.openedLastMinute ?? 0), 0);
  return { opened, seconds: waveSeconds, source: "postgres-connections", confidence: 0.9 };
}

/** MySQL and MariaDB count them, whether they stay or not. */
function rateOf(view: View): Wave | null {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  if (rates === undefined || rates.connectionsPerSecond === null || rates.intervalSeconds <= 0) return null;
  const opened = Math.round(rates.connectionsPerSecond * waveSeconds);
  return { opened, seconds: waveSeconds, source: "mysql-innodb-rates", confidence: 0.75 };
}

/** From outside: CloudWatch saw the count leap up. */
function jumpOf({ evidence }: View): Wave | null {
  const trend = connectionTrend(evidence);
  if (trend === null || trend.shape !== "jump") return null;
  const opened = Math.round(trend.latest - trend.before);
  return { opened, seconds: trend.risingSeconds, source: "DatabaseConnections", confidence: 0.6 };
}

function draftOf(view: View, wave: Wave, severity: Severity): FindingDraft {
  const capacity = capacityOf(view);
  const refusals = slotRefusals(view);
  const noSlot = `no slot is free${refusals === null ? "" : `: ${refusals.says}`}`;
  const taken = capacity === null ? noSlot : takenText(capacity);
  const uptime = view.server?.uptimeSeconds ?? null;
  const restarted = uptime !== null && uptime < 300;
  const whose = whoseOf(view);
  return {
    subject: "",
    severity,
    confidence: wave.confidence,
    summary: `${wave.opened} connections were opened within ${duration(wave.seconds)}${whose === null ? "" : `, ${whose}`}; ${taken}${connectionsBefore(view)}${restarted ? `; the server started ${duration(uptime)} ago, so everybody reconnects at once` : ""}`,
    evidence: [
      { source: wave.source, says: `${wave.opened} new connections within ${duration(wave.seconds)}` },
      {
        source: "connections",
        says: "more slots only let more of them in: the clients have to wait longer between attempts, or a pooler such as RDS Proxy has to stand between",
      },
    ],
    explains: explainsOf(view, wave),
    actions: turnAwayLoad(view),
  };
}

function explainsOf(view: View, { opened }: Wave): readonly Explanation[] {
  const because = `${opened} of the connections are new`;
  if (capacityOf(view) === null) return [{ cause: "too-many-connections", because }];
  return explainsPressure(view, opened, opened);
}

/** Of whom most of the young ones are. */
function whoseOf({ connections }: View): string | null {
  const young = (connections ?? []).filter(({ openedLastMinute }) => (openedLastMinute ?? 0) > 0);
  const counts = [...Map.groupBy(young, ({ application, user }) => application ?? user ?? "unknown")].map(
    ([name, groups]) => ({
      name,
      count: groups.reduce((sum, group) => sum + (group.openedLastMinute ?? 0), 0),
    }),
  );
  const [first] = counts.toSorted((a, b) => b.count - a.count || compare(a.name, b.name));
  return first === undefined ? null : `${first.count} of them by ${first.name}`;
}
