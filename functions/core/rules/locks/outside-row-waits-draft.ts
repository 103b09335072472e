import { fromOutside } from "../../facts/rds-facts.ts";
import { rowWaitsByHandler } from "../../facts/row-waits-by-handler.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import { severityOfWaits, workFallen } from "../../facts/work-fallen.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look at the locks: that sessions wait for rows, not who holds them, and so nobody is blamed. */
export function outsideRowWaits(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.row) ?? rowWaitsByHandler(view);
  if (wait === null) return [];
  const { sessions, percent, statement, evidence } = wait;
  const fallen = workFallen(view);
  const likely =
    fallen === null ? "" : `; ${fallen.says}, are more like one transaction that keeps them than like turns`;
  return [
    {
      subject: "insights",
      severity: wait.asEver ? "P3" : severityOfWaits(view, sessions),
      confidence: fromOutside(view, 0.6),
      summary: `${Math.round(sessions)} sessions on average wait for rows that others hold, ${Math.round(percent)} % of the load${statement === null ? "" : `; most load: ${statement}`}${likely}; whether they take turns or one transaction keeps them could not be seen, so nobody is to be ended for it${asEverText(wait)}`,
      evidence: [...evidence, ...(fallen === null ? [] : [fallen])],
      explains: [{ cause: "connections-near-limit", because: "who waits for a row keeps its connection" }],
      actions: [],
    },
  ];
}
