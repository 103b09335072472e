import { slowedByDeadRows } from "../../facts/scanned-dead-rows.ts";
import type { Slowdown } from "../../facts/slowdown.ts";
import { rounded, type Statement } from "../../facts/statements.ts";
import { explainsLoad, paceText, strainOf } from "../../facts/strain.ts";
import type { View } from "../../facts/view.ts";
import { quoteName } from "../../text/sql-names.ts";
import { duration, plural, statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Both regressions are told alike: by the numbers, and by what they cannot prove. */
export function slowdownDraft(view: View, slowdown: Slowdown, confidence: number): FindingDraft {
  const { statement, before, factor, moreWork } = slowdown;
  const strain = strainOf(view, statement);
  const text = statementText(statement.query);
  const dead = moreWork === null ? slowedByDeadRows(view, statement.query) : null;
  const because = `each call takes ${rounded(factor)} times as long as on average before`;
  return {
    subject: statement.key,
    // What suffers by dead rows is told with them, which are what can be mended.
    severity: strain === null || dead !== null ? "P3" : "P2",
    confidence,
    summary: `A statement takes ${duration(statement.now.meanSeconds)} a call, ${rounded(factor)} times its ${duration(before.meanSeconds)} since statistics began (${paceText(statement)}); ${moreWork ?? dead ?? "why cannot be told from one look"}${strain === null ? "" : `; ${strain}`}`,
    evidence: [
      {
        source: statement.source,
        says: `${plural(Math.round(slowdown.calls), "call")} now against ${plural(Math.round(before.calls), "call")} before, which mix every time of day`,
      },
      ...(text === null ? [] : [{ source: statement.source, says: `statement: ${text}` }]),
      ...genericText(view, statement),
    ],
    explains:
      strain === null || dead !== null
        ? []
        : explainsLoad(view, statement, ["cpu-saturated", "io-saturated"], because),
    actions: [],
  };
}

/**
 * Which of the two plans a session used is counted in that session alone (pg_prepared_statements).
 * https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-PLAN-CACHE-MODE
 */
function genericText(view: View, { query, user }: Statement): FindingDraft["evidence"] {
  if (view.evidence.target.engine !== "postgres" || user === null || !/\$\d/.test(query ?? "")) return [];
  const says = `if the application prepares it, a session may take one generic plan for all values from its sixth call on: compare EXPLAIN (GENERIC_PLAN) (16 and later) with EXPLAIN for the values at hand; where they differ, ALTER ROLE ${quoteName(user)} SET plan_cache_mode = 'force_custom_plan' for new sessions`;
  return [{ source: "engine", says }];
}
