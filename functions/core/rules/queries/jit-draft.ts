import { type Statement, statementsOf } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import { withoutJit } from "../../remedies/jit-remedies.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const mostlyPercent = 50;
/** Quicker calls are nobody's problem. */
const noticeableSeconds = 0.05;

/** The planner thought it dear enough to compile, most often for an estimate that is far too high. */
export function compiledDrafts(view: View): readonly FindingDraft[] {
  return (statementsOf(view) ?? [])
    .filter(
      ({ now }) => (now.jitPercent ?? 0) >= mostlyPercent && (now.meanSeconds ?? 0) >= noticeableSeconds,
    )
    .map((statement) => draftOf(view, statement));
}

function draftOf(view: View, statement: Statement): FindingDraft {
  const strain = strainOf(view, statement);
  const percent = Math.round(statement.now.jitPercent ?? 0);
  const text = statementText(statement.query);
  return {
    subject: statement.key,
    severity: strain === null ? "P3" : "P2",
    confidence: 0.9,
    summary: `A statement spends ${percent} % of its time on being compiled (JIT): ${paceText(statement)}; ${strain ?? "nothing suffers from it now"}`,
    evidence: [
      ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
      {
        source: "engine",
        says: "a statement is compiled above jit_above_cost: a cost that is estimated far too high (statistics, partitions) is what mends it for good",
      },
    ],
    explains:
      strain === null
        ? []
        : explainsLoad(view, statement, ["cpu-saturated"], "it is compiled anew at each call"),
    actions: withoutJit(statement.user),
  };
}
