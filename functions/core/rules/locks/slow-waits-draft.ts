import { fromOutside } from "../../facts/rds-facts.ts";
import { slowLog } from "../../facts/slow-log.ts";
import { rounded } from "../../facts/statements.ts";
import type { View } from "../../facts/view.ts";
import { duration } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/** Fewer, shorter or one at a time are anybody's; who ended longer ago waits no more. */
const leastCalls = 5;
const leastSeconds = 3;
const leastSessions = 2;
const freshSeconds = 180;

/**
 * By the slow log of MySQL and MariaDB alone: that sessions wait for locks, not who holds them. A call is logged when it
 * ends. https://dev.mysql.com/doc/refman/8.4/en/slow-query-log.html (Lock_time)
 */
export function slowWaits(view: View): readonly FindingDraft[] {
  const { context, collectedAt } = view.evidence;
  const [slow] = (context?.logs ?? []).flatMap((log) => log.slow ?? []);
  if (slow?.waits === undefined) return [];
  const { query, calls, seconds, user, betweenSeconds = Number.POSITIVE_INFINITY } = slow.waits;
  const [each, sessions] = [seconds / calls, seconds / slow.spanSeconds];
  const isOld = Date.parse(collectedAt) - Date.parse(slow.until) > 1000 * freshSeconds;
  // All who were let go at once waited for one who is done.
  if (betweenSeconds < each) return [];
  if (isOld || calls < leastCalls || each < leastSeconds || sessions < leastSessions) return [];
  return [
    {
      subject: "waits in the slow log",
      severity: "P2",
      confidence: fromOutside(view, 0.6),
      summary: `${rounded(sessions)} sessions at a time wait for locks, ${duration(each)} each (user ${user ?? "of several"}): ${query}; who has them was not seen`,
      evidence: [{ source: slowLog, says: `${calls} calls within ${duration(slow.spanSeconds)}` }],
      explains: [],
      actions: [],
    },
  ];
}
