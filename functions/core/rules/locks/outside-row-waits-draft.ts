import { fromOutside } from "../../facts/rds-facts.ts";
import { rowWaitsByHandler } from "../../facts/row-waits-by-handler.ts";
import type { View } from "../../facts/view.ts";
import { asEverText, outsideWait } from "../../facts/wait-load.ts";
import { waitNames } from "../../facts/wait-names.ts";
import type { FindingDraft } from "../define.ts";

/** Without a look at the locks: that sessions wait for rows, not who holds them, and so nobody is blamed. */
export function outsideRowWaits(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, waitNames.row) ?? rowWaitsByHandler(view);
  if (wait === null) return [];
  const { sessions, percent, statement, evidence } = wait;
  return [
    {
      subject: "insights",
      severity: wait.asEver ? "P3" : "P2",
      confidence: fromOutside(view, 0.6),
      summary: `${Math.round(sessions)} sessions on average wait for rows that others hold, ${Math.round(percent)} % of the load${statement === null ? "" : `; most load: ${statement}`}; whether they take turns or one transaction keeps them could not be seen, so nobody is to be ended for it${asEverText(wait)}`,
      evidence,
      explains: [{ cause: "connections-near-limit", because: "who waits for a row keeps its connection" }],
      actions: [],
    },
  ];
}
