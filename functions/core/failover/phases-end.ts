import type { FailoverRun } from "../contract/failover.ts";
import type { Node } from "../contract/failover-topology.ts";
import { describeCommand, redriveCommand, unwallCommand } from "./commands.ts";
import { endMessage } from "./messages.ts";
import { oldNode } from "./old-node.ts";
import { orderTimes } from "./order-times.ts";
import { fencedAnew } from "./phases-execute.ts";
import { raiseWall, walled } from "./phases-fence.ts";
import { isGone } from "./primary-state.ts";
import {
  fenceMayStand,
  mayHaveHappened,
  noted,
  once,
  type Seen,
  type Sight,
  type Turn,
  wait,
} from "./turn.ts";
import { watchedIfMoved } from "./watch-duty.ts";

const fencing = ["wall", "fence", "refence", "restart"] as const;
const options = { settleMs: 5000, tries: 20, repeatable: true };

/** Takes the fence away; never where something may have been promoted. */
export function compensate(run: FailoverRun, seen: Sight): Turn {
  if (mayHaveHappened(run, "execute")) return { go: "announce", run };
  const old = oldNode(run, seen.topology);
  const groups = run.groupsBefore ?? [];
  if (old === null) {
    const missing = `RDS shows ${run.oldPrimary} no more, which MAY BE FENCED.`;
    return fenceMayStand(run) ? notGivenBack(run, missing, groups) : { go: "announce", run };
  }
  const touched = doorTouched(run, old);
  if (!touched && !fencing.some((key) => mayHaveHappened(run, key))) return { go: "announce", run };
  const wallGone =
    !mayHaveHappened(run, "wall") || (run.sent["unwall"] !== undefined && !stillWalled(run, old, seen));
  const doorOpen = !touched || isOpened(old);
  const unwall = { kind: "unwall", node: old.id, groups } as const;
  const unfence = { kind: "unfence", node: old.id } as const;
  const wall = once(run, seen, "unwall", unwall, { ...options, shown: wallGone });
  const door = once(run, seen, "unfence", unfence, { ...options, shown: doorOpen });
  const turns = [wall, door].flatMap((step) => (step.is === "turn" ? [step.turn] : []));
  const turn = turns.find((one) => "send" in one) ?? turns[0];
  if (turn !== undefined) return turn;
  if (wall.is === "failed" || door.is === "failed") {
    const still = `${old.id} is still the primary, and STILL FENCED: the fence could not be taken off.`;
    return notGivenBack(run, still, groups);
  }
  if (seen.now < lastOnItsWay(run) + orderTimes.settledMs)
    return wait(run, seen, "what was on its way would arrive by then");
  return {
    go: "announce",
    run: noted(
      { ...run, givenBack: seen.now },
      `The fence was taken off ${old.id}: it is the primary as before.`,
    ),
  };
}

function notGivenBack(run: FailoverRun, why: string, groups: readonly string[]): Turn {
  const unwall = unwallCommand(run.oldPrimary ?? run.input.database, groups);
  const ending = run.ending && {
    ...run.ending,
    status: "failed" as const,
    says: `${run.ending.says} ${why}`,
    nextCommand: `${unwall} && ${redriveCommand(run)}`,
  };
  return { go: "announce", run: { ...run, ending } };
}

/** What came back with an answer has done what it does, unless it was sent twice. */
function lastOnItsWay({ sent }: FailoverRun): number {
  const open = (["unwall", "unfence"] as const).filter((key) => {
    const of = sent[key];
    return of !== undefined && (of.unclear || of.answer === "none");
  });
  return Math.max(...[...fencing, ...open].map((key) => sent[key]?.at ?? 0));
}

/** Also what was refused to the end may have closed a part: what stands is seen. */
function doorTouched(run: FailoverRun, { look }: Node): boolean {
  const tried = run.sent["fence"] ?? run.sent["refence"];
  const seen = tried !== undefined && look?.traces === true;
  return seen || mayHaveHappened(run, "fence") || mayHaveHappened(run, "refence");
}

function isOpened({ look }: Node): boolean {
  return (look?.traces ?? look?.fenced) === false;
}

function stillWalled({ groupsBefore }: FailoverRun, old: Node, { topology }: Sight): boolean {
  const before = groupsBefore?.join() === topology.quarantineGroup;
  return !before && topology.quarantineGroup !== null && walled(topology, old);
}

/** A message that cannot be delivered stops nothing: the end stays open as untold, and the sweeper tells it. */
export function announce(before: FailoverRun, seen: Seen): Turn {
  const run = watchedIfMoved(before, seen.now);
  const of = run.sent[announceKey(run)];
  const told = of?.answer === "done";
  const message = endMessage(run, seen.now);
  const sixTimes = { ...options, shown: told, tries: 6 };
  const said = once(run, seen, announceKey(run), { kind: "announce", message }, sixTimes);
  if (said.is === "turn") return said.turn;
  if (said.is === "shown") return { go: "release", run };
  const untold = { since: seen.now, tries: 0 };
  const left = noted(run, `The summary could not be delivered (${said.says}).`);
  return { go: "release", run: { ...left, untold } };
}

function announceKey({ ending }: FailoverRun): string {
  return `announce:${ending?.status ?? "done"}:${ending?.phase ?? "rebuild"}`;
}

export function release(run: FailoverRun, seen: Seen): Turn {
  const { lock } = seen;
  // One that was taken and whose holder could not be read is ours all the same.
  const never = run.token === null && run.sent["lock"] === undefined;
  const free = never || lock === "free" || (lock !== null && lock.run !== run.id);
  const group = run.group ?? run.input.database;
  const released = once(run, seen, "release", { kind: "release-lock", group }, { ...options, shown: free });
  if (released.is === "turn") return released.turn;
  if (released.is === "shown") return { go: "ended", run };
  return {
    go: "ended",
    run: noted(
      { ...run, keepsLock: true },
      `The lock of ${group} could not be given back; the sweeper does.`,
    ),
  };
}

/** Before anything else: one that came back and takes writes again. */
export function fenceAgain(run: FailoverRun, seen: Sight): Turn | null {
  const old = oldNode(run, seen.topology);
  const early = old === null ? null : started(run, old, seen);
  if (early !== null) return early;
  const look = old?.look ?? null;
  if (old === null || look === null || !look.reachable || look.writable === false) return null;
  const at = seen.now;
  const back = noted(run, `${old.id} came back and took writes again; it was fenced before anything else.`);
  // Until it is sent, what it has written since is to be had, too: nothing that was known of its end counts any more.
  const before = run.phase === "catch-up" || (run.phase === "execute" && !mayHaveHappened(run, "execute"));
  if (before && run.fencedBy !== "nobody" && !isGone(old)) return fencedAnew(back);
  const fenced = once(
    back,
    seen,
    "refence",
    { kind: "fence", node: old.id },
    { ...options, shown: false, settleMs: 2000 },
  );
  if (fenced.is === "turn") return fenced.turn;
  if (fenced.is === "failed" && run.sent["refence"] !== undefined) {
    const phase = run.phase;
    const says = `${old.id} takes writes again since ${new Date(at).toISOString()} and could not be fenced (${fenced.says}). The names stay where they are.`;
    const ending = { status: "failed" as const, phase, says, nextCommand: describeCommand(old.id) };
    const next = mayHaveHappened(run, "execute") ? "announce" : "compensate";
    return { go: next, run: { ...back, ending } };
  }
  return wait(back, seen, `${old.id} is fenced again`);
}

/** RDS changes nothing of an instance that does not run; one that is being started is walled as soon as it may be. */
function started(run: FailoverRun, old: Node, seen: Sight): Turn | null {
  if (run.fencedBy !== "gone" || isGone(old) || walled(seen.topology, old)) return null;
  if (!mayHaveHappened(run, "execute")) return fencedAnew(run);
  const wall = raiseWall(noted(run, `${old.id} was started again.`), seen, old, 200);
  return wall.is === "turn" ? wall.turn : null;
}
