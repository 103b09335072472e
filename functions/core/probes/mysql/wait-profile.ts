import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { defineProbe } from "../define.ts";
import { performanceSchemaGrant, performanceSchemaSetting, processGrant, versionIsAtLeast } from "./sight.ts";
import { mysqlWithClient } from "./snapshot-sql.ts";
import { addUp, type Look, levelSchema, levelsOf, seenIn } from "./wait-looks.ts";
import { type MysqlWaitProfileRow, mysqlWaitProfileRows } from "./wait-profile-rows.ts";

/** Those that wait to be asked, or only carry a log to a replica. */
const atWork = (column: string): string =>
  `${column} NOT IN ('Sleep', 'Daemon', 'Connect', 'Connect Out', 'Quit', 'Binlog Dump', 'Binlog Dump GTID')`;

const fromThreads = `SELECT COALESCE(c.STATE, t.PROCESSLIST_STATE) AS state, w.EVENT_NAME AS event, COUNT(*) AS sessions,
    SUM(COALESCE(s.TIMER_WAIT / 1000000000000, t.PROCESSLIST_TIME)) AS seconds
  FROM performance_schema.threads t LEFT JOIN ${mysqlWithClient} c ON c.ID = t.PROCESSLIST_ID
  LEFT JOIN performance_schema.events_waits_current w ON w.THREAD_ID = t.THREAD_ID
    AND w.END_EVENT_ID IS NULL AND w.EVENT_NAME NOT LIKE 'wait/io/table/%' AND w.EVENT_NAME <> 'idle'
  LEFT JOIN performance_schema.events_statements_current s ON s.THREAD_ID = t.THREAD_ID
    AND s.END_EVENT_ID IS NULL AND s.NESTING_EVENT_LEVEL = 0
  WHERE t.TYPE = 'FOREGROUND' AND t.PROCESSLIST_ID <> CONNECTION_ID() AND ${atWork("t.PROCESSLIST_COMMAND")}
  GROUP BY COALESCE(c.STATE, t.PROCESSLIST_STATE), w.EVENT_NAME`;

const fromProcesslist = (
  seconds: string,
): string => `SELECT STATE AS state, NULL AS event, COUNT(*) AS sessions,
    SUM(${seconds}) AS seconds
  FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID() AND ${atWork("COMMAND")}`;

/**
 * Who waits for its client shows in information_schema.PROCESSLIST alone (snapshot-sql.ts). A wait for a table is made
 * of others or of CPU time, so that only what lies inside it counts.
 */
function lookSql(server: ServerInfo): string {
  if (server.engine === "mariadb") return `${fromProcesslist("TIME_MS / 1000")} GROUP BY STATE`;
  if (!versionIsAtLeast(server, [8])) return `${fromProcesslist("TIME")} GROUP BY STATE`;
  return `${fromThreads} UNION ALL ${fromProcesslist("TIME")} AND @@performance_schema = 0 GROUP BY STATE`;
}

const levels = ["Innodb_row_lock_current_waits", "Innodb_data_pending_reads", "Threads_running"];

function levelsSql({ engine }: ServerInfo): string {
  const table =
    engine === "mariadb" ? "information_schema.GLOBAL_STATUS" : "performance_schema.global_status";
  return `SELECT VARIABLE_NAME AS name, VARIABLE_VALUE AS value, UNIX_TIMESTAMP(NOW(6)) AS at_seconds
    FROM ${table} WHERE VARIABLE_NAME IN (${levels.map((name) => `'${name}'`).join(", ")})`;
}

/** Refused without PROCESS, when the process list would show the user's own sessions only; five rows at most. */
const sightSql = "SELECT COUNT(*) AS sizes FROM information_schema.INNODB_CMP";

const consumersSql = `SELECT COUNT(*) AS turned_on, @@performance_schema AS recording
  FROM performance_schema.setup_consumers WHERE ENABLED = 'YES'
  AND NAME IN ('events_waits_current', 'global_instrumentation', 'thread_instrumentation')`;
const consumersSchema = z.object({ turned_on: z.coerce.number(), recording: z.coerce.number() });
type Consumers = z.infer<typeof consumersSchema>;

const turnOn =
  "UPDATE performance_schema.setup_consumers SET ENABLED = 'YES' WHERE NAME = 'events_waits_current'";

export const mysqlWaitProfile = defineProbe({
  ...mysqlWaitProfileRows,
  spec: ["P28"],
  title: "What are working sessions at right now: CPU, storage, the log, locks, their clients?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "Ten passes over the sessions and three counters within probing.sampleSeconds, nothing in between; linear in the connections.",
  needs: [processGrant, performanceSchemaGrant],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-events-waits-current-table.html",
  samples: 10,
  statements: ({ server }) => [{ sql: lookSql(server) }, { sql: levelsSql(server) }],
  follow: () => [{ sql: sightSql }, { sql: consumersSql }],
  read: (answers, { server }): MysqlWaitProfileRow[] => {
    const [consumers] = z.array(consumersSchema).parse(answers.at(-1));
    const blind = blindness(server, consumers);
    const seesWaits = blind === null;
    const looks = looksOf(answers.slice(0, -2));
    return [
      {
        ...spanOf(looks),
        toldBy: seesWaits ? "wait-events" : "thread-states",
        notSeen: blind?.notSeen ?? null,
        howToSee: blind?.howToSee ?? null,
        waits: addUp(looks.map((look) => seenIn(look, seesWaits))),
      },
    ];
  },
});

/** Null where wait events are recorded. */
function blindness(
  { engine }: ServerInfo,
  consumers: Consumers | undefined,
): Pick<MysqlWaitProfileRow, "notSeen" | "howToSee"> | null {
  if (engine === "mariadb") return { notSeen: "MariaDB shows states, no waits", howToSee: null };
  if (consumers?.recording !== 1)
    return { notSeen: "performance_schema is off", howToSee: performanceSchemaSetting.enable };
  return consumers.turned_on === 3 ? null : { notSeen: "events_waits_current is off", howToSee: turnOn };
}

function looksOf(answers: readonly (readonly SqlRow[])[]): readonly Look[] {
  return Array.from({ length: Math.floor(answers.length / 2) }, (_, index) => ({
    sessions: answers[2 * index] ?? [],
    levels: answers[2 * index + 1] ?? [],
  }));
}

function spanOf(
  looks: readonly Look[],
): Pick<MysqlWaitProfileRow, "samples" | "windowSeconds" | "threadsRunning"> {
  const times = looks.map((look) => z.array(levelSchema).parse(look.levels)[0]?.at_seconds ?? 0);
  const running = looks.flatMap((look) => levelsOf(look.levels)("Threads_running") ?? []);
  return {
    samples: looks.length,
    windowSeconds: Math.max(0, (times.at(-1) ?? 0) - (times[0] ?? 0)),
    threadsRunning:
      running.length === 0 ? null : running.reduce((sum, value) => sum + value, 0) / running.length,
  };
}
