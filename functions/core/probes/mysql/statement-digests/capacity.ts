import * as z from "zod";
import { defineProbe } from "../../define.ts";
import { growth } from "../../growth.ts";
import { performanceSchemaGrant, performanceSchemaSetting } from "../sight.ts";
import { type DigestCapacityRow, mysqlStatementDigestsCapacityRows } from "./capacity-rows.ts";
import { digestSightSql, requireDigests } from "./reading.ts";

const number = z.coerce.number();
const answerSchema = z.object({
  at_seconds: number,
  max_entries: number,
  entries: number.nullable(),
  calls: number.nullable(),
  calls_without: number.nullable(),
  seconds_without: number.nullable(),
});
const lostSchema = z.object({ Value: number });

const sql = `
  SELECT UNIX_TIMESTAMP(NOW(6)) AS at_seconds, @@performance_schema_digests_size AS max_entries,
    COUNT(*) AS entries, SUM(COUNT_STAR) AS calls,
    SUM(CASE WHEN DIGEST IS NULL THEN COUNT_STAR END) AS calls_without,
    SUM(CASE WHEN DIGEST IS NULL THEN SUM_TIMER_WAIT END) / 1e12 AS seconds_without
  FROM performance_schema.events_statements_summary_by_digest`;

export const mysqlStatementDigestsCapacity = defineProbe({
  ...mysqlStatementDigestsCapacityRows,
  spec: ["P27"],
  title: "Are the statement digests complete, or do new statements find no place?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "One pass over the digest table, twice; linear in its entries.",
  needs: [performanceSchemaGrant, performanceSchemaSetting],
  maxRows: 1,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-digests.html",
  samples: 2,
  statements: () => [
    { sql: digestSightSql },
    { sql },
    { sql: "SHOW GLOBAL STATUS LIKE 'Performance_schema_digest_lost'" },
  ],
  read: ([sight, first = [], , , second = [], lostRows = []]): DigestCapacityRow[] => {
    requireDigests(sight);
    const [before, after] = [answerSchema.parse(first[0]), answerSchema.parse(second[0])];
    const entries = after.entries ?? 0;
    const without = after.calls_without ?? 0;
    const grown = growth(before.calls_without ?? 0, without);
    const seconds = after.at_seconds - before.at_seconds;
    const lost = lostSchema.safeParse(lostRows[0]).data?.Value ?? 0;
    return [
      {
        entries,
        maxEntries: after.max_entries,
        percent: after.max_entries === 0 ? 0 : (100 * entries) / after.max_entries,
        callsWithoutDigest: without,
        callsWithoutDigestPerSecond: grown === null || seconds <= 0 ? null : grown / seconds,
        callsWithoutDigestPercent: after.calls ? (100 * without) / after.calls : 0,
        secondsWithoutDigest: after.seconds_without ?? 0,
        lost,
        saturated: without > 0 || lost > 0,
      },
    ];
  },
});
