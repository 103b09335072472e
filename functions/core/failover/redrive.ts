import type { FailoverRun, Phase } from "../contract/failover.ts";
import { InvalidInputError } from "../errors.ts";
import { lapsed } from "./agreement.ts";
import { counts } from "./agreement-time.ts";
import { isLeftToPeople } from "./between-two.ts";
import { forcesUnasked } from "./force-asked.ts";
import { isLookedFor, isResumable, needsFence } from "./methods.ts";
import { forcedBy, goesOnIn, withoutOldForce } from "./redrive-force.ts";
import { mayHaveHappened, unproved } from "./turn.ts";
import { isUnwatched, lastSeen, unwatchedMs } from "./unwatched.ts";

/** Whoever was away so long has not used up the time of a phase: what it waits for was not tried meanwhile. */
const awayMs = 60_000;
/** What was called shows in these: it goes on there, and nowhere else behind a call. */
const shown: readonly Phase[] = ["wait", "prove-writable", "repoint", "prove-name", "rebuild"];
/** On the way to the call. */
const before: readonly Phase[] = [
  ...(["load", "lock", "choose", "check", "approve", "fence", "catch-up", "execute"] as const),
];

/**
 * Takes a failed run up again. Where the call may have been sent it goes on there, with what was sent written down: that
 * is looked for first, and asked for again only where twice is as once. Where it was not, the world may be another one
 * by now: everything is looked at, checked and agreed to anew, and only of the fence it is known that it may stand.
 * Throws InvalidInputError where people said that they stay with the old primary.
 */
export function redrive(
  run: FailoverRun,
  now: number,
  approved = run.approved,
  force: readonly string[] = [],
): FailoverRun {
  const { ending } = run;
  if (run.phase !== "ended" || ending?.status !== "failed") return run;
  if (run.staysAt !== null) throw new InvalidInputError(staysWith(run, run.staysAt));
  // A card behind the promotion may have been declined.
  const shows = shown.includes(ending.phase) || run.times.promoted !== null;
  const said = { ...forcedBy(run, force, shows, now), saidAt: now, ledAt: null };
  return resumed(said, goesOnIn(ending.phase, force), now, approved);
}

function staysWith({ id, oldPrimary, candidate }: FailoverRun, at: number): string {
  const said = `${id} was ended by --gone at ${new Date(at).toISOString()}: people stay with ${oldPrimary}`;
  return `${said}. Nothing was done. ${candidate} lacks what ${oldPrimary} took since: it is not gone on with, a new failover is.`;
}

/** Behind a silence: what nobody looked at is no longer known, and no phase has used up its time in it. */
export function afterSilence(run: FailoverRun, now: number): FailoverRun {
  const there = now - (run.lookedAt ?? run.phaseSince) < awayMs;
  // Whoever is there and blind ends by that, or sees it again.
  const fresh = there && run.blindSince !== null ? run : goneStale(run, now);
  if (there) return fresh;
  // Nor has anybody tried meanwhile to read what could not be read before.
  const anew = { ...fresh, blindSince: null, unreadSince: null };
  return run.phase === "approve" ? anew : { ...anew, phaseSince: now };
}

/**
 * Whoever had it is dead for long, or what was agreed to is: people may have opened the primary by hand since, and what
 * was proved and checked says nothing any more. As a redrive then, and whoever agreed so long ago is asked once more.
 */
export function goneStale(run: FailoverRun, now: number): FailoverRun {
  const { phase, phaseSince } = run;
  const unwatched = isUnwatched(run, now);
  const agreed = counts(run.times.approved ?? typedAt(run) ?? phaseSince, now);
  // Whoever is asked is so in view of what was forced; where nobody is, it goes on without what counts no more.
  const of = agreed && run.approved ? withoutOldForce(run, shown.includes(phase), now) : run;
  const checked = of === run && counts(run.checkedAt ?? phaseSince, now);
  // What the call began is waited for as long as somebody does, by what was agreed to.
  if (shown.includes(phase)) return unwatched ? unwatchedBehind(of, agreed, checked) : run;
  // A card that nobody has clicked has its own time, and what is clicked is checked by when it was.
  const asked = phase === "approve" && (!run.approved || run.accepts?.granted === false);
  if (asked || isLookedFor(run, now) || !before.includes(phase) || (agreed && checked && !unwatched))
    return run;
  return resumed(of, phase, now, run.approved && agreed);
}

/** Whoever typed it agreed by that, and by no taking up since. Null: another person is asked, or it is not known. */
function typedAt({ approved, saidAt }: FailoverRun): number | null {
  return approved ? saidAt : null;
}

/** What was agreed to may count still. Where the call shows nothing after all, the vetoes are judged anew: by the check. */
function unwatchedBehind(run: FailoverRun, agreed: boolean, checked: boolean): FailoverRun {
  if (!(agreed && checked)) return lapsed(run, run.approved && agreed);
  const unread = { ...run, ledAt: null };
  return run.phase === "wait" && needsFence(run.method)
    ? { ...unread, clearedAt: null, phase: "check" }
    : unread;
}

function resumed(run: FailoverRun, phase: Phase, now: number, approved: boolean): FailoverRun {
  const again = {
    ...run,
    ending: null,
    keepsLock: false,
    untold: null,
    earlier: null,
    phaseSince: now,
    clearedAt: null,
    unreadSince: null,
    givenBack: null,
    copies: run.givenBack === null ? run.copies : [],
  };
  if (mayHaveHappened(run, "execute")) return behindCall(again, run, phase, now, approved);
  const anew = { ...unproved, method: null, candidate: null, candidateResource: null };
  const sent = run.sent["execute"]?.at ?? run.times.sent;
  const times = { ...run.times, ...unreached, fenced: null, sent };
  const of = { ...again, ...anew, times, phase: "load" as const, sent: fenceOf(run, now) };
  return { ...lapsed(of, approved), blindSince: null };
}

/** Of a call that was refused, or does not show: nothing of this was. */
const unreached = { promoted: null, writable: null, repointed: null } as const;

/** What was proved before a call that does not show is proved anew, and after a while judged and agreed to anew. */
function behindCall(
  resumed: FailoverRun,
  earlier: FailoverRun,
  phase: Phase,
  now: number,
  approved: boolean,
): FailoverRun {
  const ended = earlier.phase === "ended";
  const run = { ...resumed, sent: sentAgain(earlier, now), blindSince: ended ? null : earlier.blindSince };
  if (run.method === null) return { ...run, phase: "load" };
  const isShown = shown.includes(phase);
  if (!isShown && !isResumable(run)) return { ...run, phase: "execute" };
  const proved = isShown && earlier.givenBack === null;
  const of = proved || !needsFence(run.method) ? run : { ...run, ...unproved };
  if (!countsStill(earlier, now, approved))
    return { ...lapsed(of, approved), phase: isShown ? phase : "check" };
  const times = ended && approved ? { ...of.times, approved: now } : of.times;
  const on = needsFence(run.method) ? toFence(earlier, now) : "execute";
  return { ...of, times, phase: isShown ? phase : on };
}

/**
 * Whoever types it agrees, by what was judged a short while ago; nobody else agreed to what it overrides, nor anybody to a
 * primary of which people were told that it is left.
 */
function countsStill(earlier: FailoverRun, now: number, approved: boolean): boolean {
  const typed = earlier.phase === "ended";
  if (typed && (forcesUnasked(earlier, approved) || isLeftToPeople(earlier))) return false;
  if (!counts(earlier.checkedAt, now)) return false;
  return (typed && approved) || counts(earlier.times.approved, now);
}

/** People may have opened a primary that nobody looked at since: that is a veto, and the check judges those. */
function toFence(earlier: FailoverRun, now: number): Phase {
  return isUnwatched(earlier, now) ? "check" : "fence";
}

/** What was said of the end before, and asked, is said and asked anew; so its lock is taken anew and given back. */
function sentAgain(run: FailoverRun, now: number): FailoverRun["sent"] {
  const kept = Object.entries(run.sent).filter(
    ([key]) =>
      !/^(announce:.*|slow|ask.*|lock|relock|release)$/.test(key) &&
      (run.givenBack === null || !ofFence.test(key)) &&
      (key !== "restart" || restartCounts(run, now)),
  );
  return Object.fromEntries(
    kept.map(([key, of]) => [key, { ...of, tries: 1, unclear: of.unclear || of.tries > 1 }]),
  );
}

/** A fence that was given back, and what gave it back, say nothing of the next one. */
const ofFence = /^(wall|fence|refence|restart|unwall|unfence)$/;

/** What of a fence was sent and not given back. */
function fenceOf(run: FailoverRun, now: number): FailoverRun["sent"] {
  if (run.givenBack !== null) return {};
  const keys = ["wall", "fence", "refence", ...(restartCounts(run, now) ? ["restart"] : [])];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const of = run.sent[key];
      return of === undefined ? [] : [[key, { ...of, tries: 1 }] as const];
    }),
  );
}

/** A restart proves nothing any more where the wall was lowered since, or where nobody looked whether it was. */
function restartCounts(run: FailoverRun, now: number): boolean {
  return run.sent["unwall"] === undefined && now - lastSeen(run) <= unwatchedMs;
}
