import type { LogExcerpt } from "../contract/context.ts";
import { mysqlObjectsRows } from "../probes/mysql/objects-rows.ts";
import { postgresDatabaseRatesRows } from "../probes/postgres/database-rates-rows.ts";
import { compare } from "../text/compare.ts";
import { duration, plural } from "../text/wording.ts";
import type { View } from "./view.ts";

export interface CorruptionSign {
  readonly source: string;
  /** A part of the headline: "12 pages with a wrong checksum in shop". */
  readonly short: string;
  readonly says: readonly string[];
  readonly confidence: number;
  /** Seen while looking, not only remembered. */
  readonly now: boolean;
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
  readonly matches: RegExp;
  readonly means: string;
}

/**
 * What the engines themselves write about damage. XX001 is data_corrupted, XX002 index_corrupted; they show only with
 * log_error_verbosity = verbose, so the texts count, too. https://www.postgresql.org/docs/current/errcodes-appendix.html
 * "Incorrect key file" is not among them: a full temporary directory gives it as well.
 */
const patterns: readonly Pattern[] = [
  { family: "postgres", matches: /^(?:XX001|data_corrupted)\b/, means: "damaged data (XX001)" },
  { family: "postgres", matches: /^(?:XX002|index_corrupted)\b/, means: "a damaged index (XX002)" },
  {
    family: "postgres",
    matches: /^(?:XX\d{3}:\s+)?(?:invalid page in block|page verification failed)/,
    means: "pages that are not what was written",
  },
  {
    family: "postgres",
    matches:
      /^(?:XX\d{3}:\s+)?(?:could not read blocks? .*: read only \d+ of|missing chunk number \d+ for toast value|index "[^"]*" (?:contains (?:unexpected zero|corrupted) page|is not a btree)|found xmin \d+ from before relfrozenxid|could not access status of transaction)/,
    means: "pages that cannot be read",
  },
  {
    family: "mysql",
    // From 8.0 on the subsystem stands in brackets: "[ERROR] [MY-011906] [InnoDB] Database page corruption on disk".
    matches:
      /\bInnoDB(?:: |\] ).*(?:page corruption|is corrupt(?:ed)?\b|corrupted page|corrupt page resides)/i,
    means: "a damaged InnoDB page",
  },
  {
    family: "mysql",
    matches: /\[ERROR\].*Table '[^']*' is marked as crashed/,
    means: "a crashed table",
  },
];

/** What an error says, after whatever the line begins with; null for a line that quotes a statement or a value. */
function errorOf(line: string): string | null {
  const [, word = "", text = ""] =
    /^.*?\b(DEBUG\d?|INFO|NOTICE|LOG|WARNING|ERROR|FATAL|PANIC|STATEMENT|DETAIL|HINT|QUERY|CONTEXT):\s+(.*)$/.exec(
      line,
    ) ?? [];
  return ["LOG", "WARNING", "ERROR", "FATAL", "PANIC"].includes(word) ? text : null;
}

const shownLines = 3;

/** Log lines are kept whatever their age: damage does not heal. */
export function logSigns({ evidence }: View): readonly CorruptionSign[] {
  const family = evidence.target.engine === "postgres" ? "postgres" : "mysql";
  const files = (evidence.context?.logs ?? [])
    .filter(({ kind }) => kind === "error")
    .toSorted((a, b) => compare(a.file, b.file));
  return patterns.filter((pattern) => pattern.family === family).flatMap((pattern) => signOf(pattern, files));
}

function signOf(
  { family, matches, means }: Pattern,
  files: readonly LogExcerpt[],
): readonly CorruptionSign[] {
  const hits = files.flatMap(({ file, lines }) =>
    lines
      .filter((line) => matches.test((family === "postgres" ? errorOf(line) : line) ?? ""))
      .map((line) => ({ file, line })),
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
