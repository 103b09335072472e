import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../ports.ts";
import { defineProbe, type FollowStatement } from "../define.ts";
import { type MysqlMemoryRow, mysqlMemoryRows } from "./memory-rows.ts";
import { performanceSchemaGrant, processGrant, versionIsAtLeast } from "./sight.ts";

const number = z.coerce.number();
const poolSchema = z.object({ pool_bytes: number });
const sessionSchema = z.object({
  id: number,
  session_bytes: number,
  all_bytes: number,
  all_sessions: number,
});
const consumerSchema = z.object({ name: z.string(), consumer_bytes: number });

/** MySQL counts a session's memory in its threads from 8.0.28 on; before, only by adding up hundreds of counters of each. */
function sessionsSql(server: ServerInfo): string | null {
  const top = (id: string, bytes: string, from: string): string =>
    `SELECT ${id} AS id, ${bytes} AS session_bytes, SUM(${bytes}) OVER () AS all_bytes, COUNT(*) OVER () AS all_sessions
      FROM ${from} ORDER BY ${bytes} DESC LIMIT 5`;
  if (server.engine === "mariadb")
    return top("ID", "MEMORY_USED", "information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()");
  if (!versionIsAtLeast(server, [8, 0, 28])) return null;
  const from = "performance_schema.threads WHERE TYPE = 'FOREGROUND' AND PROCESSLIST_ID <> CONNECTION_ID()";
  return top("PROCESSLIST_ID", "TOTAL_MEMORY", from);
}

const consumersSql = `SELECT EVENT_NAME AS name, CURRENT_NUMBER_OF_BYTES_USED AS consumer_bytes
  FROM performance_schema.memory_summary_global_by_event_name ORDER BY CURRENT_NUMBER_OF_BYTES_USED DESC LIMIT 5`;

export const mysqlMemory = defineProbe({
  ...mysqlMemoryRows,
  spec: ["P28"],
  title: "Which sessions and which parts of the server keep its memory?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One pass over the threads and one over some five hundred counters; linear in the connections.",
  needs: [processGrant, performanceSchemaGrant],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-memory-summary-tables.html",
  statements: () => [{ sql: "SELECT @@innodb_buffer_pool_size AS pool_bytes" }],
  follow: (_answers, { server }): FollowStatement[] => {
    const sql = sessionsSql(server);
    return [...(sql === null ? [] : [sql]), ...(server.engine === "mysql" ? [consumersSql] : [])].map(
      (statement) => ({ sql: statement, mayFail: true }),
    );
  },
  read: ([pool = [], ...answers]): MysqlMemoryRow[] => {
    const sessions = parsed(sessionSchema, answers);
    const consumers = parsed(consumerSchema, answers);
    const [first] = sessions;
    return [
      {
        bufferPoolBytes: poolSchema.parse(pool[0]).pool_bytes,
        sessions:
          first === undefined
            ? null
            : {
                count: first.all_sessions,
                bytes: first.all_bytes,
                largest: sessions.map(({ id, session_bytes }) => ({ id, bytes: session_bytes })),
              },
        consumers:
          consumers.length === 0
            ? null
            : consumers.map(({ name, consumer_bytes }) => ({ name, bytes: consumer_bytes })),
      },
    ];
  },
});

function parsed<Row>(schema: z.ZodType<Row>, answers: readonly (readonly SqlRow[])[]): Row[] {
  return answers.flat().flatMap((row) => {
    const { success, data } = schema.safeParse(row);
    return success ? [data] : [];
  });
}
