import type { CauseId } from "../contract/cause-ids.ts";
import type { Severity } from "../contract/finding.ts";
import { mysqlToldNow } from "../facts/mysql-told.ts";
import { countsSource, namedCounts } from "../facts/named-counts.ts";
import type { ToldNow } from "../facts/told.ts";
import type { View } from "../facts/view.ts";
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

/** By its error log, the worst first. */
export function saidInLog(view: View): readonly Said[] {
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
const refuses = /limit|connections|memory/;
const refusals = ["auth-failures", "connections-near-limit"] as const;

/** By what it counts, most frequent first; by itself a finding or, where `least` is not reached, no more than evidence. */
export function saidInCounts(view: View): readonly (Said & { readonly enough: boolean })[] {
  const all = namedCounts(view);
  return all.flatMap(({ kind, often, says }) => {
    if (kind === null) return [];
    const { cause, mend = null, least = Number.POSITIVE_INFINITY } = kind;
    // Whatever fails most may be most of what fails; Aborted_connects counts who is refused for a limit, too.
    const fails = all[0]?.kind?.cause === cause ? (["error-storm"] as const) : [];
    const explains = [...fails, ...(refuses.test(cause) ? refusals : [])];
    const severity = isGrave.test(cause) ? "P1" : "P2";
    return {
      ...{ source: countsSource, cause, severity, says, words: [], mend },
      ...{ confidence: ofCount, mild: false, explains, enough: often >= least },
    };
  });
}
