import type { DatabaseRatesRow } from "../probes/postgres/database-rates-rows.ts";
import {
  type FailingStatementRow,
  postgresFailingStatementsRows,
} from "../probes/postgres/failing-statements-rows.ts";
import {
  postgresTopStatementsRows,
  type TopStatementRow,
} from "../probes/postgres/top-statements/top-statements-rows.ts";
import { asksNowait } from "../text/asks-nowait.ts";
import { compare } from "../text/compare.ts";
import { list, plural, statementText } from "../text/wording.ts";
import { settingsOf } from "./settings-facts.ts";
import { rounded } from "./statements.ts";
import type { View } from "./view.ts";

type Line = { readonly source: string; readonly says: string };

/** What proves, without the log, that transactions fail rather than are rolled back on purpose. */
export interface FailedTransactions {
  readonly proof: readonly Line[];
  /** The statement that fails in most sessions; null where none was caught for sure. */
  readonly statement: string | null;
  /** Those that an error ended as they were carried out. */
  readonly statements: readonly { readonly text: string }[];
}

/** A session reports its rollbacks once a second, its commands at once: a smaller part may be that alone. */
const askedForAtMost = 0.25;
/** One may be somebody's typing mistake in psql. */
const someAborted = 2;

export function failedTransactions(view: View, row: DatabaseRatesRow): FailedTransactions | null {
  const caught = failing(view, row);
  // That a row is taken is what they ask, and which error it was stands in the log alone.
  if (caught.length > 0 && caught.every(({ query }) => asksNowait(query))) return null;
  const proof = [
    ...caught.slice(0, 3).map(failingText),
    ...notAskedFor(view, row),
    ...failedAtCommit(view, row),
    ...leftAborted(view, row),
  ];
  const itself = caught.find(({ failedAt }) => failedAt !== "aborted");
  if (proof.length === 0) return null;
  const statements = caught.flatMap(({ failedAt, query }) =>
    query === null || failedAt === "parsing" || failedAt === "aborted" ? [] : [{ text: query }],
  );
  return { proof, statement: statementText(itself?.query ?? null), statements };
}

/**
 * A transaction that an error ends is counted as rolled back, and nobody sent ROLLBACK. pg_stat_statements counts who
 * did, unless told otherwise; what is not among its most frequent is at most as frequent as the last of those.
 * https://www.postgresql.org/docs/current/pgstatstatements.html#PGSTATSTATEMENTS-CONFIG-PARAMS
 */
function notAskedFor(view: View, { database, rollbacksPerSecond }: DatabaseRatesRow): readonly Line[] {
  const statements = view.rows(postgresTopStatementsRows);
  const counted = settingsOf(view)?.value("pg_stat_statements.track_utility") === "on";
  if (statements === null || !counted || rollbacksPerSecond === null) return [];
  const asked = statements
    .filter((row) => row.database === database && isRollback(row))
    .reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  const atMost = Math.max(asked, mostUnseen(statements));
  if (atMost > askedForAtMost * rollbacksPerSecond) return [];
  const says = `of ${rounded(rollbacksPerSecond)} rollbacks a second at most ${rounded(atMost)} were asked for by ROLLBACK: errors, or clients that went away, ended the others`;
  return [{ source: postgresTopStatementsRows.id, says }];
}

/** Of the share that the statements would give; less was not committed by chance. */
const committedAtLeast = 0.7;

/**
 * COMMIT counts as called before it may fail, and in a transaction that an error has ended it rolls back: fewer commits
 * among all ends of transactions than by the statements are errors, though each client sends ROLLBACK after them.
 * Shares, because sessions report their transactions late. https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
 */
function failedAtCommit(view: View, row: DatabaseRatesRow): readonly Line[] {
  const { database, commitsPerSecond: commits, rollbacksPerSecond: rollbacks } = row;
  const statements = (view.rows(postgresTopStatementsRows) ?? []).filter((one) => one.database === database);
  const counted = settingsOf(view)?.value("pg_stat_statements.track_utility") === "on";
  if (!counted || commits === null || rollbacks === null) return [];
  const callsOf = (which: (one: TopStatementRow) => boolean): number =>
    statements.filter(which).reduce((sum, { now }) => sum + now.callsPerSecond, 0);
  const asked = callsOf(({ query }) => /^\s*(commit|end)\b/i.test(query ?? ""));
  const ends = asked + Math.max(callsOf(isRollback), mostUnseen(statements));
  const share = commits / Math.max(0.001, commits + rollbacks);
  if (asked === 0 || share >= (committedAtLeast * asked) / ends) return [];
  const says = `${rounded(100 * share)} % of the transactions commit, though ${rounded((100 * asked) / ends)} % were ended by COMMIT: errors at COMMIT or before it (serialization failures, deferred constraints) ended the others`;
  return [{ source: postgresTopStatementsRows.id, says }];
}

function isRollback({ query }: TopStatementRow): boolean {
  return /^\s*(rollback|abort)\b/i.test(query ?? "");
}

const frequentListed = 5;

function mostUnseen(statements: readonly TopStatementRow[]): number {
  const frequent = statements.filter(({ rankedBy }) => rankedBy.includes("calls-now"));
  if (frequent.some(isRollback) || frequent.length < frequentListed) return 0;
  return Math.min(...frequent.map(({ now }) => now.callsPerSecond));
}

/** Only an error leaves a transaction so. */
function leftAborted({ connections }: View, { database }: DatabaseRatesRow): readonly Line[] {
  const aborted = (connections ?? [])
    .filter((group) => group.state === "idle-in-transaction-aborted" && group.database === database)
    .reduce((sum, { count }) => sum + count, 0);
  if (aborted < someAborted) return [];
  return [
    {
      source: "postgres-connections",
      says: `${aborted} sessions were seen in a transaction that an error ended`,
    },
  ];
}

/**
 * It ended, and was not counted: of a statement that the statistics keep, only an error does that. Or its transaction
 * was seen aborted, more than once.
 */
function failing(view: View, { database }: DatabaseRatesRow): readonly FailingStatementRow[] {
  const rows = (view.rows(postgresFailingStatementsRows) ?? []).filter((row) => row.database === database);
  const byChance = ({ failedAt }: FailingStatementRow): boolean =>
    failedAt === "transaction" || failedAt === "aborted";
  const aborted = rows.filter(byChance).reduce((sum, { sessions }) => sum + sessions, 0);
  return rows
    .filter((row) => !byChance(row) || aborted >= someAborted)
    .toSorted((a, b) => b.sessions - a.sessions || compare(a.query ?? "", b.query ?? ""));
}

export function failingText({ query, sessions, failedAt, user, applications }: FailingStatementRow): Line {
  const app = applications.length === 0 ? "" : `app ${list(applications)}, `;
  const what = `${statementText(query) ?? "a statement whose text is not known"} (${app}user ${user ?? "?"})`;
  const looked = `in ${plural(sessions, "session")} looked at`;
  const says = {
    parsing: `failed: ${what} was refused before it ran, ${looked}`,
    execution: `failed: ${what} ended without being counted as executed, ${looked}`,
    transaction: `failed: ${what} left its transaction aborted, seen in ${plural(sessions, "transaction")} until they were rolled back`,
    aborted: `failed: ${what}, or what was sent before it, left its transaction aborted, ${looked}`,
  }[failedAt];
  return { source: postgresFailingStatementsRows.id, says };
}
