import type { Explanation } from "../../contract/explanation.ts";
import type { Severity } from "../../contract/finding.ts";
import type { Session } from "../../contract/session.ts";
import { hasCalmed } from "../../facts/calmed.ts";
import { capacityOf, explainsPressure, takenText } from "../../facts/capacity.ts";
import { connectionTrend } from "../../facts/connection-trend.ts";
import { connectionsBefore } from "../../facts/connections-before.ts";
import { youngAtHeavy } from "../../facts/heavy-statements.ts";
import { idleTransactions, pauseSeconds } from "../../facts/idle-transactions.ts";
import { slotRefusals } from "../../facts/slot-refusals.ts";
import type { View } from "../../facts/view.ts";
import { mysqlInnodbRatesRows } from "../../probes/mysql/innodb-rates-rows.ts";
import type { ConnectionGroup } from "../../probes/rows.ts";
import { turnAwayLoad } from "../../remedies/connection-remedies.ts";
import { untouchableBecause } from "../../remedies/untouchable.ts";
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
  const parked = parkedIn(view);
  const most =
    view.connections === null
      ? Number.POSITIVE_INFINITY
      : used - settledOf(view.connections, parked.length) - youngAtHeavy(view, waveSeconds);
  // Where those who are parked are why slots run short, the rest has to be a wave of its own beside them.
  const fills = explainsPressure(view, parked.length, parked.length).length > 0;
  const least = Math.max(minOpened, minShare * (fills ? used : used - parked.length));
  const waves = [youngOf(view, parked), rateOf(view), jumpOf(view)].filter((wave) => wave !== null);
  return (
    waves
      .map((wave) => ({ ...wave, opened: Math.min(wave.opened, most) }))
      .find(({ opened }) => opened >= least) ?? null
  );
}

/** Who has begun a transaction and left it open came to stay, however lately: a slot that a pile-up takes. */
function parkedIn(view: View): readonly Session[] {
  return idleTransactions(view, Math.min(pauseSeconds, view.thresholds.idleInTransactionSeconds)).filter(
    (session) => untouchableBecause(session, view.policy) === null,
  );
}

/**
 * Connections that are surely no part of a storm: those that have been in one state for over a minute, those that wait
 * for a lock, where new ones are the symptom, and those parked in a transaction. Attempts that are refused count, too.
 */
function settledOf(connections: readonly ConnectionGroup[], parked: number): number {
  const inTransaction = connections.filter(isInTransaction);
  const others = connections.filter((group) => !isInTransaction(group));
  return countSettled(others) + Math.max(countSettled(inTransaction), parked);
}

function isInTransaction({ state }: ConnectionGroup): boolean {
  return state === "idle-in-transaction" || state === "idle-in-transaction-aborted";
}

function countSettled(groups: readonly ConnectionGroup[]): number {
  return groups.reduce((sum, group) => {
    const old = (group.medianStateSeconds ?? 0) >= waveSeconds ? Math.ceil(group.count / 2) : 0;
    return sum + Math.min(group.count, Math.max(old, group.idleOverLeak) + group.waitingOnLock);
  }, 0);
}

/** PostgreSQL knows when each connection was made. */
function youngOf(view: View, parked: readonly Session[]): Wave | null {
  const { connections } = view;
  if (hasCalmed(view, 2 * waveSeconds)) return null;
  if (connections === null || connections.every(({ openedLastMinute }) => openedLastMinute === undefined)) {
    return null;
  }
  const all = connections.reduce((sum, group) => sum + (group.openedLastMinute ?? 0), 0);
  const stay = parked.filter(({ sessionSeconds }) => (sessionSeconds ?? waveSeconds) < waveSeconds).length;
  return { opened: all - stay, seconds: waveSeconds, source: "postgres-connections", confidence: 0.9 };
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

/** Of whom most of the young ones are; those who are parked are none of them. */
function whoseOf(view: View): string | null {
  const nameOf = (one: { application: string | null; user: string | null }) =>
    one.application ?? one.user ?? "unknown";
  const stay = Map.groupBy(
    parkedIn(view).filter(({ sessionSeconds }) => (sessionSeconds ?? waveSeconds) < waveSeconds),
    nameOf,
  );
  const counts = [...Map.groupBy(view.connections ?? [], nameOf)]
    .map(([name, groups]) => ({
      name,
      count:
        groups.reduce((sum, group) => sum + (group.openedLastMinute ?? 0), 0) - (stay.get(name)?.length ?? 0),
    }))
    .filter(({ count }) => count > 0);
  const [first] = counts.toSorted((a, b) => b.count - a.count || compare(a.name, b.name));
  return first === undefined ? null : `${first.count} of them by ${first.name}`;
}
