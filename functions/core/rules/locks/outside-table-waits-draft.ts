import { loadShares } from "../../facts/insights.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { withoutLeadingComments } from "../../text/statement-parts.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

const wantsTable =
  /^(alter|create|drop|truncate|rename|reindex|cluster|lock\s|optimize|vacuum\s*\(?\s*full|refresh\s+materialized)/i;

/**
 * Without a look at the locks. Reads and writes of rows never wait for each other's table: somebody wants, or has, all
 * of it. Who has it could not be seen, and nobody is blamed.
 */
export function outsideTableWaits(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.table);
  if (wait === null) return [];
  const { sessions, percent, statement, evidence } = wait;
  const wanted = loadShares(view, "statement").find(({ name }) =>
    wantsTable.test(withoutLeadingComments(name).trimStart()),
  );
  const text = statementText(wanted?.name ?? null);
  return [
    {
      subject: "insights",
      severity: wait.asEver ? "P3" : "P2",
      confidence: fromOutside(view, text === null ? 0.6 : 0.75),
      summary: `${Math.round(sessions)} sessions on average wait for a whole table, ${Math.round(percent)} % of the load${text === null ? ", as behind DDL or LOCK TABLE" : `: ${text} wants it`}${statement === null || statement.startsWith(text ?? "\0") ? "" : `; most load: ${statement}`}; who holds the table could not be seen, so nobody is to be ended for it${asEverText(wait)}`,
      evidence,
      explains: [
        { cause: "connections-near-limit", because: "who waits for a table keeps its connection" },
        { cause: "cpu-saturated", because: "the load waits, and does not want a CPU" },
      ],
      actions: [],
    },
  ];
}
