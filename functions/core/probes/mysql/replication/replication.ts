import * as z from "zod";
import { SqlError } from "../../../errors.ts";
import type { ServerInfo, SqlRow } from "../../../ports.ts";
import { defineProbe, type Need } from "../../define.ts";
import { performanceSchemaGrant, versionIsAtLeast } from "../sight.ts";
import { readReplicationChannels, replicationChannelsSql } from "./channels.ts";
import { withoutValues } from "./errors.ts";
import { type MysqlReplicationRow, mysqlReplicationRows } from "./replication-rows.ts";
import { readReplicaStatus } from "./status.ts";

const replicationClient: Need = {
  kind: "grant",
  name: "REPLICATION CLIENT",
  enable: "GRANT REPLICATION CLIENT ON *.* TO {user}",
};

/** Errors of the threads that apply in parallel; SHOW REPLICA STATUS has only the coordinator's summary. */
const workersSql = `
  SELECT CHANNEL_NAME AS channel, LAST_ERROR_NUMBER AS number, LAST_ERROR_MESSAGE AS message,
    CAST(LAST_ERROR_TIMESTAMP AS CHAR) AS at
  FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER <> 0
  ORDER BY LAST_ERROR_TIMESTAMP LIMIT 20`;

/**
 * A worker's statement is not told where rows are replicated; the lock that it has on the table is.
 * https://dev.mysql.com/doc/refman/8.4/en/performance-schema-metadata-locks-table.html
 */
const applyingSql = `
  SELECT DISTINCT w.CHANNEL_NAME AS channel, CONCAT(l.OBJECT_SCHEMA, '.', l.OBJECT_NAME) AS name
  FROM performance_schema.replication_applier_status_by_worker w
  JOIN performance_schema.metadata_locks l ON l.OWNER_THREAD_ID = w.THREAD_ID
  WHERE l.OBJECT_TYPE = 'TABLE' AND l.LOCK_TYPE = 'SHARED_WRITE' AND l.LOCK_STATUS = 'GRANTED' LIMIT 20`;
const applyingSchema = z.object({ channel: z.string(), name: z.string() });

const workerSchema = z.object({
  channel: z.string(),
  number: z.coerce.number(),
  message: z.string(),
  at: z.string().nullable(),
});
const failedSchema = z.object({ failed: z.string() });

export const mysqlReplication = defineProbe({
  ...mysqlReplicationRows,
  spec: ["P31"],
  title: "Does it still replicate from its source, how far behind, and what went wrong?",
  engines: ["mysql"],
  tier: "immediate",
  last: true,
  cost: "One row for each channel and worker; constant. Nothing but that there is none where nothing is replicated.",
  needs: [replicationClient, performanceSchemaGrant],
  maxRows: 16,
  source: "https://dev.mysql.com/doc/refman/8.4/en/show-replica-status.html",
  statements: () => [],
  // The status of no source needs no more statements.
  followRounds: 2,
  follow: (answers, { server }) => {
    const [status, ...further] = answers;
    const asked = status === undefined ? [statusSql(server)] : detailsOf(status);
    return further.length > 0 ? [] : asked.map((sql) => ({ sql, mayFail: true as const }));
  },
  read: ([status = [], ...details], { settings }): MysqlReplicationRow[] => {
    const [workers = [], applying = [], channels = []] = details;
    const raw = settings.probing.queryText === "raw";
    const rows = rowsOf(status, channels, raw);
    const errors = failureOf(workers) === null ? z.array(workerSchema).parse(workers) : [];
    return rows.map((row) => ({
      ...row,
      applyingTables: tablesOf(applying, row.channel),
      errors: [
        ...row.errors,
        ...errors
          .filter(({ channel }) => channel === (row.channel ?? ""))
          .map(({ number, message, at }) => ({
            thread: "worker" as const,
            number,
            message: raw ? message : withoutValues(message),
            at,
          })),
      ],
    }));
  },
});

function detailsOf(status: readonly SqlRow[]): readonly string[] {
  if (status.length === 0) return [];
  const tables = [workersSql, applyingSql];
  return failureOf(status) === null ? tables : [...tables, replicationChannelsSql];
}

function tablesOf(applying: readonly SqlRow[], channel: string | null): string[] {
  return applying
    .flatMap((row) => applyingSchema.safeParse(row).data ?? [])
    .flatMap((row) => (row.channel === (channel ?? "") ? [row.name] : []));
}

/** The old wording is gone since 8.4, the new one came with 8.0.22. */
function statusSql(server: ServerInfo): string {
  return versionIsAtLeast(server, [8, 0, 22]) ? "SHOW REPLICA STATUS" : "SHOW SLAVE STATUS";
}

/** performance_schema tells less, and is what is left without REPLICATION CLIENT. */
function rowsOf(status: readonly SqlRow[], channels: readonly SqlRow[], raw: boolean): MysqlReplicationRow[] {
  const refused = failureOf(status);
  if (refused === null) return readReplicaStatus(status, { mariadbApplied: null, raw });
  if (failureOf(channels) !== null)
    throw new SqlError("permission", "ER_SPECIFIC_ACCESS_DENIED_ERROR", refused);
  return readReplicationChannels(channels, refused, raw);
}

function failureOf([first]: readonly SqlRow[]): string | null {
  return failedSchema.safeParse(first).data?.failed ?? null;
}
