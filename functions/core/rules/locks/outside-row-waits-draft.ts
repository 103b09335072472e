import { asEverText, outsideWait } from "../../facts/outside-waits.ts";
import { fromOutside } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import type { FindingDraft } from "../define.ts";

/**
 * Waits for rows, or for the transaction that wrote them last, by the names of Performance Insights.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.locktransactionid.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.locktuple.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.row-lock-wait.html
 */
const rowWaits = /^(Lock:)?(transactionid|tuple)$|innodb_?\/?row_lock_wait/i;

/** Without a look at the locks: that sessions wait for rows, not who holds them, and so nobody is blamed. */
export function outsideRowWaits(view: View): readonly FindingDraft[] {
  const wait = outsideWait(view, rowWaits);
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
