import * as z from "zod";
import type { ServerInfo } from "../../ports.ts";
import { shownQuery } from "../../text/normalise-query.ts";
import { defineProbe, type ProbeContext } from "../define.ts";
import { growth } from "../growth.ts";
import { innodbMonitorStatement, monitorText } from "./innodb-monitor.ts";
import { type Deadlock, type DeadlockTransaction, parseDeadlock } from "./last-deadlock-parse.ts";
import { type LastDeadlockRow, mysqlLastDeadlockRows } from "./last-deadlock-rows.ts";
import { processGrant } from "./sight.ts";

const number = z.coerce.number();
const clockSchema = z.object({
  now_seconds: number,
  offset_seconds: number,
  uptime: number.nullable(),
  deadlocks: number.nullable(),
});

/** The monitor tells time in the operating system's zone. */
function clockSql({ engine }: ServerInfo): string {
  const mariadb = engine === "mariadb";
  const status = mariadb ? "information_schema.GLOBAL_STATUS" : "performance_schema.global_status";
  const variable = (name: string): string =>
    `(SELECT VARIABLE_VALUE FROM ${status} WHERE VARIABLE_NAME = '${name}')`;
  const deadlocks = mariadb
    ? variable("Innodb_deadlocks")
    : "(SELECT `COUNT` FROM information_schema.INNODB_METRICS WHERE NAME = 'lock_deadlocks' AND STATUS = 'enabled')";
  return `SELECT UNIX_TIMESTAMP(NOW(6)) AS now_seconds,
    TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), CONVERT_TZ(UTC_TIMESTAMP(), '+00:00', 'SYSTEM')) AS offset_seconds,
    ${variable("Uptime")} AS uptime, ${deadlocks} AS deadlocks`;
}

export const mysqlLastDeadlock = defineProbe({
  ...mysqlLastDeadlockRows,
  spec: ["P29"],
  title: "What was the last deadlock, and who lost it?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "Two counters twice and one InnoDB monitor text, at most 1 MB; it lists every open transaction.",
  needs: [processGrant],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-standard-monitor.html",
  samples: 2,
  statements: ({ server }) => [{ sql: clockSql(server) }],
  follow: () => [innodbMonitorStatement],
  read: ([first = [], clock = [], monitor = []], context): LastDeadlockRow[] => {
    const deadlock = parseDeadlock(monitorText(monitor));
    if (deadlock === null) return [];
    const { now_seconds, offset_seconds, uptime, deadlocks } = clockSchema.parse(clock[0]);
    const atSeconds = deadlock.localTime === null ? null : secondsOf(deadlock.localTime) - offset_seconds;
    return [
      {
        at: atSeconds === null ? null : new Date(atSeconds * 1000).toISOString(),
        ageSeconds: atSeconds === null ? null : Math.max(0, Math.round(now_seconds - atSeconds)),
        deadlocksSinceStart: deadlocks,
        uptimeSeconds: uptime ?? 0,
        now: grownBetween(clockSchema.parse(first[0]), clockSchema.parse(clock[0])),
        tables: tablesOf(deadlock),
        transactions: deadlock.transactions.map((transaction) =>
          shown(transaction, deadlock.rolledBack, context),
        ),
        incomplete: deadlock.rolledBack === null || deadlock.transactions.length < 2,
      },
    ];
  },
});

type Clock = z.infer<typeof clockSchema>;

function grownBetween(before: Clock, after: Clock): Exclude<LastDeadlockRow["now"], undefined> {
  const deadlocks = growth(before.deadlocks, after.deadlocks);
  const intervalSeconds = after.now_seconds - before.now_seconds;
  return deadlocks === null || intervalSeconds <= 0 ? null : { deadlocks, intervalSeconds };
}

/** Epoch seconds, were it UTC. */
function secondsOf(localTime: string): number {
  return Date.parse(`${localTime.replace(" ", "T")}Z`) / 1000;
}

function tablesOf({ transactions }: Deadlock): string[] {
  const locks = transactions.flatMap(({ holds, waitsFor }) => [...holds, ...waitsFor]);
  return [...new Set(locks.map(({ table }) => table))].sort();
}

function shown(
  transaction: DeadlockTransaction,
  rolledBack: number | null,
  { settings }: ProbeContext,
): LastDeadlockRow["transactions"][number] {
  const { statement, holds, waitsFor, ...rest } = transaction;
  const options = {
    dialect: "mysql",
    queryText: settings.probing.queryText,
    optOutComment: settings.policy.optOutComment,
  } as const;
  return {
    ...rest,
    query: statement === null ? null : shownQuery(statement, options),
    rolledBack: transaction.number === rolledBack,
    holds: [...holds],
    waitsFor: [...waitsFor],
  };
}
