import type { CauseId } from "../contract/cause-ids.ts";
import type { Severity } from "../contract/finding.ts";
import { failingCalls } from "../facts/failing-calls.ts";
import { metricFact } from "../facts/metric-facts.ts";
import { mysqlToldNow } from "../facts/mysql-told.ts";
import { countsSource, type NamedCount, namedCounts } from "../facts/named-counts.ts";
import type { NamedKind } from "../facts/named-kinds.ts";
import type { ToldNow } from "../facts/told.ts";
import type { View } from "../facts/view.ts";
import { type MysqlRatesRow, mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { duration, plural } from "../text/wording.ts";

/** What a server of MySQL or MariaDB says of itself. */
export interface Said {
  readonly source: string;
  readonly cause: CauseId;
  readonly severity: Severity;
  readonly says: string;
  /** Its own words, where they are not told in `says`. */
  readonly words: readonly string[];
  readonly mend: string | null;
  readonly confidence: number;
  /** A symptom where anything else was found. */
  readonly mild: boolean;
  readonly explains: readonly CauseId[];
}

/** One witness; a count is exact. */
const ofLog = 0.6;
const ofCount = 0.7;

export interface MysqlSaid {
  readonly log: readonly Said[];
  readonly counts: ReturnType<typeof saidInCounts>;
}

export function mysqlSaid(view: View): MysqlSaid {
  return { log: saidInLog(view), counts: saidInCounts(view) };
}

/** By its error log, the worst first. */
function saidInLog(view: View): readonly Said[] {
  return mysqlToldNow(view).map((told) => {
    const { cause, mild = false, mend, explains = [] } = told.row;
    const { severity, newest } = told;
    return {
      ...{ source: "error log", cause, severity, says: textOf(told), words: [newest], mend },
      ...{ confidence: ofLog, mild, explains },
    };
  });
}

function textOf({ row, caught, count, since, newestAgeSeconds }: ToldNow): string {
  const means =
    caught === null || caught === "?"
      ? row.means.replace(/[:,]? (?:\(\{\}[^)]*\)|\{\})(?: most often)?/, "")
      : row.means.replace("{}", () => caught);
  return `${means}: ${plural(count, "line")} in the log, the first ${duration(since)} ago, the last ${duration(newestAgeSeconds)} ago`;
}

const isGrave = /storage|corruption|key/;
const refusals = ["auth-failures", "connections-near-limit"] as const;
const failures = ["error-storm"] as const;

/** By what it counts, most frequent first; by itself a finding or, where `least` is not reached, no more than evidence. */
function saidInCounts(view: View): readonly (Said & { readonly enough: boolean })[] {
  const rates = view.rows(mysqlInnodbRatesRows)?.[0];
  const failing = Math.max(0, ...failingCalls(view).map(({ errorsPerSecond }) => errorsPerSecond));
  const aborted = rates?.abortedConnectsPerSecond ?? 0;
  return namedCounts(view).flatMap((one) => {
    const { kind, perSecond, says } = one;
    if (kind === null) return [];
    const { cause, mend = null } = kind;
    // What is at least half of those that fail, or are refused, is why.
    const isMost = 2 * perSecond >= (kind.ofSignIns ? aborted : failing);
    const severity = isGrave.test(cause) && !(cause === "storage-low" && hasRoom(view)) ? "P1" : "P2";
    const why = isMost && failing > 0 && symptomsOf(kind) === failures && cause !== "error-storm";
    const enough = why || (isEnough(one, kind) && (cause !== "error-storm" || isShare(perSecond, rates)));
    return {
      ...{ source: countsSource, cause, severity, says, words: [], mend },
      ...{ confidence: ofCount, mild: false, explains: isMost ? symptomsOf(kind) : [], enough },
    };
  });
}

/** A refused sign-in is no statement that fails. */
function symptomsOf({ ofSignIns, cause }: NamedKind): readonly CauseId[] {
  if (ofSignIns === true) return refusals;
  return cause === "auth-failures" ? [] : failures;
}

/** Of what one in the interval is enough of, its rate says nothing. */
function isEnough({ often, count }: NamedCount, { least = Number.POSITIVE_INFINITY }: NamedKind): boolean {
  return least === 1 ? count >= 1 : often >= least;
}

const someShare = 0.005;

function isShare(perSecond: number, rates: MysqlRatesRow | undefined): boolean {
  return perSecond >= someShare * (rates?.statementsPerSecond ?? 0);
}

const roomBytes = 1024 ** 3;

/** Another disk is full, as that of temporary files. */
function hasRoom(view: View): boolean {
  return (metricFact(view, "FreeStorageSpace")?.latest ?? 0) >= roomBytes;
}
