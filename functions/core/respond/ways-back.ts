import type { Incident } from "../contract/incident.ts";
import { undoState } from "../contract/undo-state.ts";
import { firstNote } from "../contract/way-back.ts";
import { messageOf } from "../errors.ts";
import { type Deps, isoNow } from "./deps.ts";

/** Longer than a look at a day takes with all of its tries; whoever has died by then is followed by the next. */
const claimMs = 900_000;

/** What was made larger is looked at again when a day has passed. */
export async function noteWaysBack(
  incident: Incident,
  { incidents }: Pick<Deps, "incidents">,
): Promise<void> {
  for (const action of incident.actions) {
    const { outcome, wayBack } = action;
    if (outcome === null || wayBack === undefined || undoState(incident, action) !== "offered") continue;
    await incidents.putWayBack(
      firstNote(incident.id, outcome.orderId, incident.resolvedAt ?? incident.updatedAt),
    );
  }
}

/** Starts a look for each whose day has passed, by one claim each. Throws for none: the next sweep sees to what failed. */
export async function lookAtWaysBack(
  deps: Pick<Deps, "incidents" | "workflow" | "clock" | "log">,
): Promise<readonly string[]> {
  const { incidents, workflow, clock, log } = deps;
  const begun: string[] = [];
  for (const note of await incidents.wayBacks()) {
    const { incidentId, orderId, claimedUntil } = note;
    const isDue = !note.ended && Date.parse(note.givesBackAt) <= clock.now();
    if (!isDue || (claimedUntil !== null && Date.parse(claimedUntil) > clock.now())) continue;
    try {
      const tries = note.tries + 1;
      const until = new Date(clock.now() + claimMs).toISOString();
      if (!(await incidents.replaceWayBack(note, { ...note, tries, claimedUntil: until }))) continue;
      const name = `${orderId.slice(-60)}-back-${tries}`;
      await workflow.start(name, { schema: "way-back.v1", incidentId, orderId, look: note.looks + 1 });
      log.info("way-back.looked-at", { incidentId, orderId, look: note.looks + 1, at: isoNow(clock) });
      begun.push(orderId);
    } catch (error) {
      log.error("way-back.not-looked-at", { incidentId, orderId, reason: messageOf(error) });
    }
  }
  return begun;
}
