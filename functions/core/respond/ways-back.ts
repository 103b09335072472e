import type { Incident } from "../contract/incident.ts";
import { undoState } from "../contract/undo-state.ts";
import { firstNote, lastWordAt, mostDays, type WayBackNote } from "../contract/way-back.ts";
import { messageOf } from "../errors.ts";
import { type Deps, isoNow } from "./deps.ts";

/** Longer than a look at a day takes with all of its tries; whoever has died by then is followed by the next. */
const claimMs = 900_000;
/** Where one after the other dies, they come less often. */
const mostClaimMs = 6 * 3_600_000;
/** Tries at the last word after its time; then it ends untold. */
const mostLate = 3;

type LookDeps = Pick<Deps, "incidents" | "workflow" | "clock" | "log">;

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
export async function lookAtWaysBack(deps: LookDeps): Promise<readonly string[]> {
  const begun: string[] = [];
  for (const note of await deps.incidents.wayBacks()) {
    const { incidentId, orderId } = note;
    try {
      if (isDue(note, deps.clock.now()) && (await lookAt(note, deps))) begun.push(orderId);
    } catch (error) {
      const { log } = deps;
      log.error("way-back.not-looked-at", { incidentId, orderId, reason: messageOf(error) });
    }
  }
  return begun;
}

function isDue({ ended, givesBackAt, until, claimedUntil }: WayBackNote, now: number): boolean {
  const at = Math.min(Date.parse(givesBackAt), Date.parse(until));
  return !ended && !(at > now) && (claimedUntil === null || Date.parse(claimedUntil) <= now);
}

/** False: another sweep has it, or its time is over, whatever became of its incident and its channel. */
async function lookAt(note: WayBackNote, { incidents, workflow, clock, log }: LookDeps): Promise<boolean> {
  const { incidentId, orderId, looks, late = 0 } = note;
  const isLate = Date.parse(note.until) <= clock.now();
  if (isLate && late >= mostLate) {
    if (await incidents.replaceWayBack(note, { ...note, ended: true, claimedUntil: null }))
      log.error("way-back.ended-untold", { incidentId, orderId, tries: note.tries });
    return false;
  }
  const inVain = Math.max(0, note.tries - looks);
  const claimedUntil = new Date(clock.now() + Math.min(claimMs * 2 ** inVain, mostClaimMs)).toISOString();
  // What was seen and never said stays as it was said: the last word is one of its own.
  const look = lastWordAt(note) <= isoNow(clock) ? Math.max(looks + 1, mostDays) : looks + 1;
  const tries = note.tries + 1;
  const claimed = { ...note, tries, claimedUntil, ...(isLate ? { late: late + 1 } : {}) };
  if (!(await incidents.replaceWayBack(note, claimed))) return false;
  const name = `${orderId.slice(-60)}-back-${tries}`;
  await workflow.start(name, { schema: "way-back.v1", incidentId, orderId, look });
  log.info("way-back.looked-at", { incidentId, orderId, look, at: isoNow(clock) });
  return true;
}
