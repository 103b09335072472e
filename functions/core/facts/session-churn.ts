import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { rounded } from "./statements.ts";
import type { View } from "./view.ts";

/** Sessions that come and go faster than any list of sessions shows. */
export interface SessionChurn {
  readonly openedPerSecond: number;
  /** Of those that signed in, how many had gone again by the second reading: those that stay are a wave, no churn. */
  readonly goneShare: number;
  /** What each did in between, on average; null when it was not counted. */
  readonly statementsEach: number | null;
  /** Whose they mostly are; null when nobody counts them. */
  readonly whose: string | null;
  readonly source: string;
}

/** By the server's own counters; null where they were not read. */
export function sessionChurn(view: View): SessionChurn | null {
  return view.evidence.target.engine === "postgres" ? ofPostgres(view) : ofMysql(view);
}

/**
 * "Connections: the number of connection attempts (successful or not)". Those that failed are another story.
 * https://dev.mysql.com/doc/refman/8.4/en/server-status-variables.html#statvar_Connections
 */
function ofMysql(view: View): SessionChurn | null {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  if (rates === undefined || rates.connectionsPerSecond === null || rates.intervalSeconds <= 0) return null;
  const perSecond = Math.max(0, rates.connectionsPerSecond - (rates.abortedConnectsPerSecond ?? 0));
  const { connected, connectedBefore } = rates.threads;
  // Without an earlier count all that are there may have come meanwhile.
  const stayed = connected === null ? null : Math.max(0, connected - (connectedBefore ?? 0));
  const statements = rates.statementsPerSecond;
  return {
    openedPerSecond: perSecond,
    goneShare: goneShare(perSecond * rates.intervalSeconds, stayed),
    statementsEach: statements === null || perSecond === 0 ? null : statements / perSecond,
    whose: busiestAccount(rates.signIns ?? []),
    source: mysqlInnodbRatesRows.id,
  };
}

function goneShare(opened: number, stayed: number | null): number {
  return stayed === null || opened <= 0 ? 0 : Math.max(0, 1 - stayed / opened);
}

function busiestAccount(
  accounts: readonly { readonly user: string; readonly client: string; readonly total: number }[],
): string | null {
  const [first] = accounts;
  return first === undefined
    ? null
    : `${first.user} from ${first.client} signs in most, ${first.total} times since the start`;
}

/**
 * "sessions: total number of sessions established to this database" (14). How many of them stayed is told by when
 * those that are here began; the responder's own is no churn. A transaction is the least that a session does.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-DATABASE-VIEW
 */
function ofPostgres(view: View): SessionChurn | null {
  const rows = (view.rows(postgresDatabaseRatesRows) ?? []).filter(
    ({ sessionsPerSecond }) => (sessionsPerSecond ?? 0) > 0,
  );
  const [most] = rows.toSorted((a, b) => (b.sessionsPerSecond ?? 0) - (a.sessionsPerSecond ?? 0));
  if (most === undefined || most.intervalSeconds <= 0) return null;
  const perSecond = rows.reduce((sum, row) => sum + (row.sessionsPerSecond ?? 0), 0);
  const transactions = rows.reduce(
    (sum, row) => sum + (row.commitsPerSecond ?? 0) + (row.rollbacksPerSecond ?? 0),
    0,
  );
  const young = view.connections?.reduce((sum, group) => sum + (group.openedLastMinute ?? 0), 0) ?? null;
  return {
    openedPerSecond: perSecond,
    goneShare: goneShare(perSecond * 60, young),
    statementsEach: transactions / perSecond,
    whose: `${rounded(most.sessionsPerSecond ?? 0)} of them a second into database ${most.database ?? "unknown"}`,
    source: postgresDatabaseRatesRows.id,
  };
}
