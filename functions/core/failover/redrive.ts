import type { FailoverRun, Phase } from "../contract/failover.ts";
import { needsFence, repeatable } from "./methods.ts";
import { approvalLimitMs } from "./phases-before.ts";
import { mayHaveHappened, unproved } from "./turn.ts";

/** So long after it was last looked at a wall that stands is taken for the one that a restart was behind. */
const unwatchedMs = 600_000;
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
 */
export function redrive(run: FailoverRun, now: number, approved = run.approved): FailoverRun {
  const { ending } = run;
  if (run.phase !== "ended" || ending?.status !== "failed") return run;
  return resumed(run, ending.phase, now, approved);
}

/**
 * Whoever had it is dead for long, or what was agreed to is: people may have opened the primary by hand since, and what
 * was proved and checked says nothing any more. As a redrive then, and whoever agreed so long ago is asked once more.
 */
export function goneStale(run: FailoverRun, now: number): FailoverRun {
  const { phase, phaseSince, driver, times } = run;
  // A card that nobody has clicked has its own time, and what is clicked is checked by when it was.
  const asked = phase === "approve" && (!run.approved || run.accepts?.granted === false);
  if (asked || !before.includes(phase)) return run;
  const agreed = now - (times.approved ?? phaseSince) < approvalLimitMs;
  if (agreed && now - (driver?.at ?? phaseSince) < unwatchedMs) return run;
  return resumed(run, phase, now, run.approved && agreed);
}

function resumed(run: FailoverRun, phase: Phase, now: number, approved: boolean): FailoverRun {
  const again = {
    ...run,
    ending: null,
    keepsLock: false,
    untold: null,
    earlier: null,
    phaseSince: now,
    blindSince: null,
    clearedAt: null,
  };
  if (mayHaveHappened(run, "execute")) return behindCall(again, run, phase, now, approved);
  const anew = { ...unproved, method: null, candidate: null, approval: null, accepts: null, overridden: [] };
  const sent = run.sent["execute"]?.at ?? run.times.sent;
  const times = { ...run.times, approved: null, fenced: null, sent };
  return { ...again, ...anew, times, approved, phase: "load", sent: fenceOf(run, now), givenBack: null };
}

/** What was proved before a call that does not show is proved anew, and after a while agreed to anew. */
function behindCall(
  resumed: FailoverRun,
  earlier: FailoverRun,
  phase: Phase,
  now: number,
  approved: boolean,
): FailoverRun {
  const run = { ...resumed, sent: sentAgain(earlier, now) };
  if (run.method === null) return { ...run, phase: "load" };
  if (shown.includes(phase)) return { ...run, phase };
  const again = needsFence(run.method) ? { ...run, ...unproved } : run;
  const agreedAt = Math.max(run.sent["execute"]?.at ?? 0, run.times.approved ?? 0);
  if (now - agreedAt < approvalLimitMs || !(needsFence(run.method) || repeatable(run)))
    return { ...again, phase: needsFence(run.method) ? "fence" : "execute" };
  const times = { ...run.times, approved: null };
  return { ...again, times, approved, approval: null, accepts: null, overridden: [], phase: "check" };
}

/** What was said of the end before, and asked, is said and asked anew. */
function sentAgain(run: FailoverRun, now: number): FailoverRun["sent"] {
  const kept = Object.entries(run.sent).filter(
    ([key]) => !/^(announce:.*|slow|ask)$/.test(key) && (key !== "restart" || restartCounts(run, now)),
  );
  return Object.fromEntries(
    kept.map(([key, of]) => [key, { ...of, tries: 1, unclear: of.unclear || of.tries > 1 }]),
  );
}

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
function restartCounts({ sent, phaseSince }: FailoverRun, now: number): boolean {
  return sent["unwall"] === undefined && now - phaseSince <= unwatchedMs;
}
