import type { Slowdown } from "../../facts/slowdown.ts";
import { rounded } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Both regressions are told alike: by the numbers, and by what they cannot prove. */
export function slowdownDraft(view: View, slowdown: Slowdown, confidence: number): FindingDraft {
  const { statement, before, factor, moreWork } = slowdown;
  const strain = strainOf(view, statement);
  const text = statementText(statement.query);
  const because = `each call takes ${rounded(factor)} times as long as on average before`;
  return {
    subject: statement.key,
    severity: strain === null ? "P3" : "P2",
    confidence,
    summary: `A statement takes ${duration(statement.now.meanSeconds)} a call, ${rounded(factor)} times its ${duration(before.meanSeconds)} since statistics began (${paceText(statement)}); ${moreWork ?? "why cannot be told from one look"}${strain === null ? "" : `; ${strain}`}`,
    evidence: [
      {
        source: statement.source,
        says: `${plural(Math.round(slowdown.calls), "call")} now against ${plural(Math.round(before.calls), "call")} before, which mix every time of day`,
      },
      ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
    ],
    explains:
      strain === null ? [] : explainsLoad(view, statement, ["cpu-saturated", "io-saturated"], because),
    actions: [],
  };
}
