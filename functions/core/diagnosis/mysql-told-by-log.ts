import type { CauseId } from "../contract/cause-ids.ts";
import { mysqlToldNow } from "../facts/mysql-told.ts";
import type { ToldNow } from "../facts/told.ts";
import type { View } from "../facts/view.ts";
import type { Rule } from "../rules/define.ts";
import { duration, plural } from "../text/wording.ts";
import { type Emitted, keyOfFinding } from "./explains-graph.ts";

const source = "error log";
/** One witness. */
const alone = 0.6;

/**
 * The findings with what MySQL's or MariaDB's error log says of itself: as evidence of a cause that was found already, and
 * as a finding where no rule found it, or found it less bad. Nothing is proposed for it, as one witness is no proof.
 */
export function withToldByLog(
  view: View,
  found: readonly Emitted[],
  rules: readonly Rule<CauseId>[],
): readonly Emitted[] {
  const told = Map.groupBy<string, ToldNow>(mysqlToldNow(view), ({ row }) => row.cause);
  const hurts = found.filter(({ draft }) => draft.severity !== "P3");
  const more = [...told].flatMap(([cause, [first, ...others]]) => {
    const rule = rules.find(({ id }) => id === cause);
    if (first === undefined || rule === undefined) return [];
    const own = emitted(rule, first, others, hurts.length > 0);
    return hurts.some(({ id, draft }) => id === cause && draft.severity <= own.draft.severity) ? [] : [own];
  });
  const beside = found.map((entry) => {
    const { id, draft } = entry;
    const lines = hurts.includes(entry) ? (told.get(id) ?? []) : [];
    return { ...entry, draft: { ...draft, evidence: [...draft.evidence, ...lines.map(piece)] } };
  });
  return [...beside, ...more];
}

function emitted(rule: Rule<CauseId>, first: ToldNow, others: readonly ToldNow[], beside: boolean): Emitted {
  const { mild = false, mend, explains = [] } = first.row;
  return {
    id: rule.id,
    key: keyOfFinding(rule.id, source),
    category: rule.category,
    draft: {
      subject: source,
      severity: mild && beside ? "P3" : first.severity,
      nature: "acute",
      confidence: alone,
      summary: textOf(first),
      evidence: [
        { source, says: first.newest },
        ...others.map(piece),
        { source: "engine", says: `the remedy: ${mend}` },
      ],
      explains: [rule.id, ...explains].map((cause) => ({ cause, because: "the server says so" })),
      actions: [],
    },
  };
}

function piece(told: ToldNow): { readonly source: string; readonly says: string } {
  return { source, says: textOf(told) };
}

function textOf({ row, caught, count, since, newestAgeSeconds }: ToldNow): string {
  const means =
    caught === null || caught === "?"
      ? row.means.replace(/[:,]? \(?\{\}\)?(?: most often)?/, "")
      : row.means.replace("{}", () => caught);
  return `${means}: ${plural(count, "line")} in the log, the first ${duration(since)} ago, the last ${duration(newestAgeSeconds)} ago`;
}
