import * as z from "zod";
import type { ServerInfo, SqlRow } from "../../../ports.ts";
import { shownQuery } from "../../../text/normalise-query.ts";
import { ownMarker } from "../../../text/own-marker.ts";
import { defineProbe, type ProbeContext } from "../../define.ts";
import { secondsBetween, workInAll, workNow } from "../../statement-work.ts";
import { performanceSchemaGrant, performanceSchemaSetting } from "../sight.ts";
import { examinedPerRow, grownSeconds, type RankedDigest, rankDigests } from "./rank.ts";
import { digestKey, digestReading, digestReadingSql, digestSightSql, requireDigests } from "./reading.ts";
import { mysqlStatementDigestsRows, type StatementDigestRow } from "./statement-digests-rows.ts";

const textSchema = z.object({
  schema_name: z.string().nullable(),
  digest: z.string(),
  query: z.string().nullable(),
  opted_out: z.coerce.number(),
  own: z.coerce.number(),
  first_seen: z.string().nullable(),
  last_seen: z.string().nullable(),
});
type Text = z.infer<typeof textSchema>;

type Answers = readonly (readonly SqlRow[])[];

export const mysqlStatementDigests = defineProbe({
  ...mysqlStatementDigestsRows,
  spec: ["P27"],
  title: "Which statements take the time, read too many rows, use no index, spill or fail?",
  engines: ["mysql", "mariadb"],
  tier: "performance",
  cost: "Every entry of the digest table twice without its text, then the texts of those shown; linear in the entries.",
  needs: [performanceSchemaGrant, performanceSchemaSetting],
  maxRows: 30,
  source: "https://dev.mysql.com/doc/refman/8.4/en/performance-schema-statement-summary-tables.html",
  samples: 2,
  statements: () => [{ sql: digestSightSql }, { sql: digestReadingSql }],
  follow: (answers, { server, settings }) => {
    const digests = [...new Set(rankedOf(answers).ranked.map(({ entry }) => entry.digest))];
    if (digests.length === 0) return [];
    const modern = hasSamples(server);
    const params = [...(modern ? [settings.policy.optOutComment] : []), ...digests];
    return [{ sql: textSql(modern, digests.length), params }];
  },
  read: (answers, context): StatementDigestRow[] => {
    const { ranked, totals } = rankedOf(answers);
    const texts = new Map(
      z
        .array(textSchema)
        .parse(answers[4] ?? [])
        .map((text) => [digestKey({ schema: text.schema_name, digest: text.digest }), text]),
    );
    return ranked.map((digest) => rowOf(digest, totals, texts.get(digestKey(digest.entry)), context));
  },
});

interface Totals {
  readonly intervalSeconds: number;
  readonly grownSeconds: number;
  readonly seconds: number;
}

function rankedOf([sight, one, , two]: Answers): { ranked: RankedDigest[]; totals: Totals } {
  requireDigests(sight);
  const [first, second] = [digestReading(one), digestReading(two)];
  return {
    ranked: rankDigests(first, second),
    totals: {
      intervalSeconds: secondsBetween(first, second),
      grownSeconds: grownSeconds(first, second),
      seconds: [...second.entries.values()].reduce((sum, { seconds }) => sum + seconds, 0),
    },
  };
}

/** MySQL keeps the text of one call, comments included; MariaDB and MySQL 5.7 do not. */
function hasSamples({ engine }: ServerInfo): boolean {
  return engine === "mysql";
}

function textSql(modern: boolean, digests: number): string {
  const optedOut = modern ? "LOCATE(LOWER(?), LOWER(QUERY_SAMPLE_TEXT)) > 0" : "0";
  const own = modern ? `LOCATE('${ownMarker}', QUERY_SAMPLE_TEXT) > 0` : "0";
  const list = Array.from({ length: digests }, () => "?").join(", ");
  return `SELECT SCHEMA_NAME AS schema_name, DIGEST AS digest, LEFT(DIGEST_TEXT, 4000) AS query,
      COALESCE(${optedOut}, 0) AS opted_out, COALESCE(${own}, 0) AS own, DATE_FORMAT(FIRST_SEEN, '%Y-%m-%dT%TZ') AS first_seen,
      DATE_FORMAT(LAST_SEEN, '%Y-%m-%dT%TZ') AS last_seen
    FROM performance_schema.events_statements_summary_by_digest WHERE DIGEST IN (${list})`;
}

function rowOf(
  { entry, grown, rankedBy }: RankedDigest,
  totals: Totals,
  text: Text | undefined,
  { server, settings }: ProbeContext,
): StatementDigestRow {
  const { intervalSeconds: seconds } = totals;
  const { queryText } = settings.probing;
  const { optOutComment } = settings.policy;
  const shown = { dialect: "mysql", queryText, optOutComment, optedOut: text?.opted_out === 1 } as const;
  return {
    schema: entry.schema,
    digest: entry.digest,
    query: text?.query ? shownQuery(text.query, shown) : null,
    ...(hasSamples(server) ? { own: text?.own === 1 } : {}),
    rankedBy: [...rankedBy],
    now: {
      ...workNow(grown, seconds, { seconds: totals.grownSeconds }),
      rowsExaminedPerSecond: grown.rowsExamined / seconds,
      rowsSentPerSecond: grown.rowsSent / seconds,
      tmpDiskTablesPerSecond: grown.tmpDiskTables / seconds,
      sortMergePassesPerSecond: grown.sortMergePasses / seconds,
      errorsPerSecond: grown.errors / seconds,
    },
    sinceStart: {
      ...workInAll(entry, totals),
      lockSeconds: entry.lockSeconds,
      rowsExamined: entry.rowsExamined,
      rowsSent: entry.rowsSent,
      rowsAffected: entry.rowsAffected,
      examinedPerRow: examinedPerRow(entry),
      noIndexUsed: entry.noIndexUsed,
      fullScans: entry.fullScans,
      tmpTables: entry.tmpTables,
      tmpDiskTables: entry.tmpDiskTables,
      sortMergePasses: entry.sortMergePasses,
      errors: entry.errors,
      firstSeenAt: text?.first_seen ?? null,
      lastSeenAt: text?.last_seen ?? null,
    },
  };
}
