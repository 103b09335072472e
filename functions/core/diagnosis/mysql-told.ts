import type { CauseId } from "../contract/cause-ids.ts";
import type { View } from "../facts/view.ts";
import type { Rule } from "../rules/define.ts";
import { type Emitted, keyOfFinding } from "./explains-graph.ts";
import { type Said, saidInCounts, saidInLog } from "./mysql-said.ts";

/**
 * The findings with what MySQL or MariaDB says of itself in its error log and by its counters: as evidence of a cause that
 * was found already, and as a finding where no rule found it, or found it less bad. Nothing is proposed for it, as one
 * witness is no proof.
 */
export function withMysqlTold(
  view: View,
  found: readonly Emitted[],
  rules: readonly Rule<CauseId>[],
): readonly Emitted[] {
  const [log, counts] = [saidInLog(view), saidInCounts(view)];
  const told = withSaid(found, log, log, rules);
  return withSaid(
    told,
    counts,
    counts.filter(({ enough }) => enough),
    rules,
  );
}

const shown = 5;

/** @param enough of all that is said, what makes a finding by itself. */
function withSaid(
  found: readonly Emitted[],
  all: readonly Said[],
  enough: readonly Said[],
  rules: readonly Rule<CauseId>[],
): readonly Emitted[] {
  const hurts = found.filter(({ draft }) => draft.severity !== "P3");
  const more = [...Map.groupBy(enough, ({ cause }) => cause)].flatMap(([cause, [first, ...others]]) => {
    const rule = rules.find(({ id }) => id === cause);
    if (first === undefined || rule === undefined) return [];
    const own = emitted(rule, first, others, hurts.length > 0);
    return hurts.some(({ id, draft }) => id === cause && draft.severity <= own.draft.severity) ? [] : [own];
  });
  const beside = found.map((entry) => {
    const { id, draft } = entry;
    const pieces = hurts.includes(entry) ? all.filter(({ cause }) => cause === id).slice(0, shown) : [];
    return { ...entry, draft: { ...draft, evidence: [...draft.evidence, ...pieces.map(piece)] } };
  });
  return [...beside, ...more];
}

function emitted(rule: Rule<CauseId>, first: Said, others: readonly Said[], beside: boolean): Emitted {
  const { source, mild, mend, words, says, severity, confidence, explains } = first;
  return {
    id: rule.id,
    key: keyOfFinding(rule.id, source),
    category: rule.category,
    draft: {
      subject: source,
      severity: mild && beside ? "P3" : severity,
      nature: "acute",
      confidence,
      summary: says,
      evidence: [
        ...words.map((line) => ({ source, says: line })),
        ...others.map(piece),
        ...(mend === null ? [] : [{ source: "engine", says: `the remedy: ${mend}` }]),
      ],
      explains: [rule.id, ...explains].map((cause) => ({ cause, because: "the server says so" })),
      actions: [],
    },
  };
}

function piece({ source, says }: Said): { readonly source: string; readonly says: string } {
  return { source, says };
}
