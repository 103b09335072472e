import type { CauseId } from "../contract/cause-ids.ts";
import { mysqlToldNow } from "../facts/mysql-told.ts";
import type { ToldNow } from "../facts/told.ts";
import type { View } from "../facts/view.ts";
import { duration, plural } from "../text/wording.ts";
import type { FindingDraft, ToldSoFar } from "./define.ts";

const source = "error log";
/** One witness. */
const alone = 0.6;

/**
 * What MySQL's or MariaDB's error log tells by itself of causes that no rule has told, or told less bad. Nothing is
 * proposed for it, as one witness is no proof.
 */
export function mysqlToldByLog(
  view: View,
  told: readonly ToldSoFar[],
): readonly (FindingDraft & { id: CauseId })[] {
  const hurts = told.filter(({ severity }) => severity !== "P3");
  return [...byCause(view)].flatMap(([cause, [first, ...others]]) => {
    if (first === undefined) return [];
    const draft = draftOf(first, others, hurts.length > 0);
    return hurts.some(({ id, severity }) => id === cause && severity <= draft.severity) ? [] : [draft];
  });
}

/** What it says of causes that were told already. */
export function mysqlLogBeside(view: View): (told: ToldSoFar) => FindingDraft["evidence"] {
  const all = byCause(view);
  return ({ id, severity }) => (severity === "P3" ? [] : (all.get(id) ?? []).map(piece));
}

const byCause = (view: View): ReadonlyMap<string, readonly ToldNow[]> =>
  Map.groupBy<string, ToldNow>(mysqlToldNow(view), ({ row }) => row.cause);

function draftOf(first: ToldNow, others: readonly ToldNow[], beside: boolean) {
  const { cause, mild = false, mend, explains = [] } = first.row;
  return {
    id: cause,
    subject: source,
    severity: mild && beside ? ("P3" as const) : first.severity,
    confidence: alone,
    summary: textOf(first),
    evidence: [
      { source, says: first.newest },
      ...others.map(piece),
      { source: "engine", says: `the remedy: ${mend}` },
    ],
    explains: [cause, ...explains].map((each) => ({ cause: each, because: "the server says so" })),
    actions: [],
  };
}

function piece(told: ToldNow): FindingDraft["evidence"][number] {
  return { source, says: textOf(told) };
}

function textOf({ row, caught, count, since, newestAgeSeconds }: ToldNow): string {
  const means =
    caught === null || caught === "?"
      ? row.means.replace(/[:,]? (?:\(\{\}[^)]*\)|\{\})(?: most often)?/, "")
      : row.means.replace("{}", () => caught);
  return `${means}: ${plural(count, "line")} in the log, the first ${duration(since)} ago, the last ${duration(newestAgeSeconds)} ago`;
}
