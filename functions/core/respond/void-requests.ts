import type { Incident } from "../contract/incident.ts";
import { messageOf } from "../errors.ts";
import { expireApproval } from "../policy/approval.ts";
import { type Deps, isoNow } from "./deps.ts";

/**
 * The stored requests follow their cards: one that the incident has withdrawn takes no click any more, and says why.
 * Never throws: a click on what is left is refused all the same when the incident is over, and passes the gate when not.
 */
export async function voidRequests(
  incident: Incident,
  deps: Pick<Deps, "incidents" | "clock" | "log">,
): Promise<void> {
  for (const { approvalId, status, refusal } of incident.actions) {
    if (approvalId === null || status !== "withheld" || refusal === null) continue;
    try {
      const stored = await deps.incidents.getApproval(approvalId);
      if (stored?.status !== "pending") continue;
      const ended = expireApproval(stored, isoNow(deps.clock), refusal.reason);
      // Not replaced: somebody clicked in this very moment, and the gate will see it.
      await deps.incidents.replaceApproval(stored, ended);
    } catch (error) {
      deps.log.warn("approval.not-withdrawn", { approvalId, reason: messageOf(error) });
    }
  }
}
