import { callsOnlyHarmless } from "./statement-calls.ts";
import { statementParts } from "./statement-parts.ts";

interface Idle {
  readonly query: string | null;
  readonly keepsSnapshot?: boolean | null | undefined;
  readonly application?: string | null | undefined;
}

/**
 * An idle session whose client works elsewhere meanwhile, by what it said last: what it did here is nothing beside
 * that, and it is lost or done twice. One table for every engine; what is missing here is asked, not guessed.
 */
const kinds: readonly (readonly [test: (idle: Idle, parts: readonly string[]) => boolean, says: string])[] = [
  [
    // https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION
    (_, parts) =>
      some(parts, /\bpg_export_snapshot\b|^set\s+transaction\s+snapshot\b|\bwith\s+consistent\s+snapshot\b/i),
    "its snapshot is one that others read by (pg_export_snapshot, WITH CONSISTENT SNAPSHOT), as a copy or a backup does",
  ],
  [
    // https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE
    // https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html
    (_, parts) => some(parts, /\b(skip\s+locked|nowait)\b/i),
    "it took its rows with SKIP LOCKED or NOWAIT, as a worker takes a job: the lock is its lease, and the job would run twice",
  ],
  [
    // https://www.postgresql.org/docs/current/sql-lock.html
    (_, parts) => some(parts, /^lock\b/i),
    "it has locked tables by name (LOCK TABLE), as a job at work does: it may be worthless without them",
  ],
  [
    (_, parts) => some(parts, /^(declare|fetch|move)\b/i),
    "it reads by a cursor, page by page: its client works on what it has read",
  ],
  [
    // https://dev.mysql.com/doc/refman/8.4/en/select-into.html, and on Aurora INTO OUTFILE S3.
    // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.Lambda.html
    (_, parts) =>
      some(
        parts.map((part) => part.replaceAll(/["`]/g, "").replaceAll(/\s*\.\s*/g, ".")),
        /\binto\s+(outfile|dumpfile)\b|\blambda_a?sync\s*\(|\baws_(lambda|s3)\.|\bdblink\w*\s*\(|\blo_export\s*\(|^copy\b.*\b(to\s+['?]|(to|from)\s+program\b)/is,
      ),
    "it has written a file, or called AWS or another server: no rollback undoes that",
  ],
  [
    (_, parts) => some(parts, /^(execute|call|do)\b/i) || !parts.every(callsOnlyHarmless),
    "what its last statement ran is not in its text (EXECUTE, CALL, DO, a function of somebody's own): a lease by SKIP LOCKED, or work elsewhere",
  ],
  [
    // https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW, backend_xmin
    ({ keepsSnapshot }) => keepsSnapshot === true,
    "it keeps a snapshot while it is idle: its client reads by a cursor or page by page, or sees one state of the database until its end (REPEATABLE READ), as a dump or the far half of another server's transaction does",
  ],
  [
    ({ query }) => isCutShort(query),
    "its last statement is not seen to its end, where it may say SKIP LOCKED",
  ],
];

/** Texts are cut at 1000 characters here, and by the server, as a rule, at 1024 bytes (track_activity_query_size). */
const readBytes = 990;

/** Whether the text may go on where it is not seen. */
export function isCutShort(text: string | null): boolean {
  return new TextEncoder().encode(text ?? "").length >= readBytes;
}

function some(parts: readonly string[], words: RegExp): boolean {
  return parts.some((part) => words.test(part));
}

/** Idle or at work, what is lost is there. The name is the default since 14: https://www.postgresql.org/docs/current/postgres-fdw.html */
const farHalf =
  "it is the far half of another server's transaction (postgres_fdw): what that one has done is lost with it";

/** Why the client of a session is taken to work elsewhere; null where nothing says so. */
export function worksElsewhere(idle: Idle, isIdle: boolean): string | null {
  if (/^postgres_fdw\b/i.test(idle.application ?? "")) return farHalf;
  if (!isIdle) return null;
  const parts = statementParts(idle.query ?? "");
  return kinds.find(([test]) => test(idle, parts))?.[1] ?? null;
}
