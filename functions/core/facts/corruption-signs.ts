import { mysqlObjectsRows } from "../probes/mysql/objects-rows.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { compare } from "../text/compare.ts";
import { duration, plural } from "../text/wording.ts";
import { doubtedLogRecords, isSaid, type LogRecord, type LogWords, logRecords } from "./log-lines.ts";
import type { View } from "./view.ts";

export interface CorruptionSign {
  readonly source: string;
  /** A part of the headline: "12 pages with a wrong checksum in shop". */
  readonly short: string;
  readonly says: readonly string[];
  readonly confidence: number;
  /** Seen while looking, not only remembered. */
  readonly now: boolean;
  /** The log alone says it, in lines that a client may have written. */
  readonly doubted?: boolean;
}

const oldSeconds = 7 * 86_400;

/**
 * A page whose checksum is wrong was not what the server wrote. The counter also counts pages that a base backup met,
 * and stays until statistics are reset.
 * https://www.postgresql.org/docs/current/checksums.html
 */
export function checksumSigns(view: View): readonly CorruptionSign[] {
  const rows = (view.rows(postgresDatabaseRatesRows) ?? []).filter(
    ({ sinceReset }) => (sinceReset.checksumFailures ?? 0) > 0,
  );
  return rows
    .toSorted((a, b) => compare(a.database ?? "", b.database ?? ""))
    .map(({ database, checksumFailures, intervalSeconds, sinceReset }) => {
      const where = database ?? "the shared catalogs";
      const failures = plural(sinceReset.checksumFailures ?? 0, "checksum failure");
      const grown = checksumFailures ?? 0;
      const last = sinceReset.lastChecksumFailureSeconds;
      return {
        source: postgresDatabaseRatesRows.id,
        short: `${failures} in ${where}, the last ${duration(last)} ago`,
        says: [
          `${failures} in ${where} since statistics were reset, the last ${duration(last)} ago`,
          ...(grown > 0 ? [`${grown} of them within the ${duration(intervalSeconds)} of this look`] : []),
        ],
        confidence: grown > 0 || (last ?? 0) < oldSeconds ? 0.9 : 0.6,
        now: grown > 0,
      };
    });
}

/** Tables of MyISAM and Aria that the server says it cannot use as they are; InnoDB would rather stop. */
export function crashedTableSigns(view: View): readonly CorruptionSign[] {
  const crashed = (view.rows(mysqlObjectsRows) ?? [])
    .filter(({ problem }) => problem === "crashed-table")
    .toSorted((a, b) => compare(`${a.schema}.${a.name}`, `${b.schema}.${b.name}`));
  if (crashed.length === 0) return [];
  const names = crashed.map(({ schema, name }) => `${schema}.${name}`);
  const shown =
    names.length <= shownLines ? names : [...names.slice(0, shownLines), `${names.length - shownLines} more`];
  return [
    {
      source: mysqlObjectsRows.id,
      short: `${plural(crashed.length, "crashed table")} (${shown.join(", ")})`,
      says: crashed.slice(0, 5).map(({ schema, name, detail }) => `${schema}.${name}: ${detail}`),
      confidence: 0.9,
      now: false,
    },
  ];
}

interface Pattern {
  readonly family: "postgres" | "mysql";
  readonly words: LogWords;
  /** SQLSTATE of it. */
  readonly code?: string;
  readonly means: string;
}

const postgresLevels = ["LOG", "WARNING", "ERROR", "FATAL", "PANIC"];
const anything: LogWords = { levels: postgresLevels, says: /^/ };

/**
 * What the engines themselves write about damage. XX001 is data_corrupted, XX002 index_corrupted; they show only with
 * log_error_verbosity = verbose, so the texts count, too. https://www.postgresql.org/docs/current/errcodes-appendix.html
 * "Incorrect key file" of a temporary table is not among them: a full temporary directory gives it.
 */
export const damageWords: readonly Pattern[] = [
  { family: "postgres", words: anything, code: "XX001", means: "damaged data (XX001)" },
  { family: "postgres", words: anything, code: "XX002", means: "a damaged index (XX002)" },
  {
    family: "postgres",
    words: { levels: postgresLevels, says: /^(?:invalid page in block|page verification failed)/ },
    means: "pages that are not what was written",
  },
  {
    family: "postgres",
    words: {
      levels: postgresLevels,
      says: /^(?:could not read blocks? .*: (?:read only \d+ of|Input\/)|(?:missing|unexpected) chunk number |(?:compressed \S+|\?) data is corrupt$|right \S+ left-\S+ doesn't match: block|failed to \S+-find parent key in index|(?:\?|heap tid) from index tuple|invalid memory \S+ request size (?:\?|\d{13,}$)|index "[^"]*" (?:contains (?:unexpected zero|corrupted) page|is not a btree)|found xmin \d+ from before relfrozenxid|could not access status of transaction)/,
    },
    means: "pages that cannot be read",
  },
  {
    family: "mysql",
    // Between what it begins with and what it says stand names, which may hold such words as well: in quotes.
    words: {
      levels: ["ERROR", "WARNING", "NOTE"],
      says: /^(?:(?:Database page|Flagged) corruption\b|Corrupt page resides\b|(?:Table|Index|Tablespace|File|Page|Cluster record|Failed to read page)\b(?:[^'"`]|'[^']*'|"[^"]*"|`[^`]*`)*? (?:is corrupt(?:ed)?|page corruption|corrupted page)\b)/,
    },
    means: "a damaged InnoDB page",
  },
  {
    family: "mysql",
    words: {
      levels: ["ERROR"],
      says: /^(?:[\w./?-]{0,200}(?:mysqld|mariadbd): )?(?:Table '[^']*' is marked as crashed|Incorrect key file for table '(?!#sql|[^']*(?:\/tmp\/|#sql)))/,
    },
    means: "a crashed table",
  },
  {
    family: "mysql",
    words: {
      levels: ["ERROR", "WARNING"],
      says: /^(?:Tablespace is missing for table|Cannot \S+ statistics for table .{1,200} because the \.ibd file is missing|Checksum mismatch in |Page \[page id: space=\d+, page number=\d+\] log sequence number \d+ is in the future|Operating system error number 5 in a file operation)/,
    },
    means: "missing or damaged files",
  },
];

const shownLines = 3;

/**
 * Log lines are kept whatever their age: damage does not heal. What a line says that nobody doubts needs no others; those
 * that a client may have written are told where there is none.
 */
export function logSigns({ evidence }: View): readonly CorruptionSign[] {
  const family = evidence.target.engine === "postgres" ? "postgres" : "mysql";
  const signsIn = (records: readonly LogRecord[]) =>
    damageWords.flatMap((pattern) => (pattern.family === family ? signOf(pattern, records) : []));
  const signs = signsIn(logRecords(evidence));
  return signs.length > 0 ? signs : signsIn(doubtedLogRecords(evidence)).map(doubted);
}

const whenDoubted = 0.4;

function doubted(sign: CorruptionSign): CorruptionSign {
  return { ...sign, confidence: whenDoubted, doubted: true };
}

function signOf({ words, code, means }: Pattern, records: readonly LogRecord[]): readonly CorruptionSign[] {
  const hits = records.filter(
    (record) => (code === undefined || record.code === code) && isSaid(record, words),
  );
  const last = hits.slice(-shownLines);
  if (hits.length === 0) return [];
  return [
    {
      source: last[0]?.file ?? "log",
      short: `the log speaks of ${means} (${plural(hits.length, "line")})`,
      says: last.map(({ line }) => line),
      confidence: 0.85,
      now: false,
    },
  ];
}
