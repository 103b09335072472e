import { loadShares } from "../../facts/insights.ts";
import { fromOutside, vcpusOfTarget } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { statementText } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/**
 * Waits for rows, or for the transaction that wrote them last, by the names of Performance Insights.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.locktransactionid.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/wait-event.locktuple.html
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-waits.row-lock-wait.html
 */
const rowWaits = /^(Lock:)?(transactionid|tuple)$|innodb_?\/?row_lock_wait/i;

/** Less than half of the load, or fewer sessions than CPUs, is what a busy table sees every day. */
const mostPercent = 50;

/** Without a look at the locks: that sessions wait for rows, not who holds them, and so nobody is blamed. */
export function outsideRowWaits(view: View): readonly FindingDraft[] {
  const waits = loadShares(view, "wait-event").filter(({ name }) => rowWaits.test(name));
  const sessions = waits.reduce((sum, { load }) => sum + load, 0);
  const percent = waits.reduce((sum, share) => sum + share.percent, 0);
  if (percent < mostPercent || sessions < Math.max(2, vcpusOfTarget(view) ?? 2)) return [];
  const first = loadShares(view, "statement")[0];
  const statement = statementText(first?.name ?? null);
  const which =
    first === undefined || statement === null
      ? ""
      : `; most load: ${statement} (${Math.round(first.percent)} %)`;
  return [
    {
      subject: "insights",
      severity: "P2",
      confidence: fromOutside(view, 0.6),
      summary: `${Math.round(sessions)} sessions on average wait for rows that others hold, ${Math.round(percent)} % of the load${which}; whether they take turns or one transaction keeps them could not be seen, so nobody is to be ended for it`,
      evidence: waits.map(({ name, percent: share }) => ({
        source: "Performance Insights",
        says: `${name} ${Math.round(share)} %`,
      })),
      explains: [{ cause: "connections-near-limit", because: "who waits for a row keeps its connection" }],
      actions: [],
    },
  ];
}
