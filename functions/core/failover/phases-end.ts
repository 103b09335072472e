import type { FailoverRun } from "../contract/failover.ts";
import type { Node } from "../contract/failover-topology.ts";
import { describeCommand } from "./commands.ts";
import { moreThan } from "./loss.ts";
import { endMessage } from "./messages.ts";
import { oldNode } from "./old-node.ts";
import { once } from "./once.ts";
import { fencedAnew } from "./phases-execute.ts";
import { raiseWall } from "./phases-fence.ts";
import { isGone } from "./primary-state.ts";
import { mayHaveHappened, noted, type Seen, type Sight, type Turn, wait } from "./turn.ts";
import { walled, wallOf } from "./wall.ts";
import { watchedIfMoved } from "./watch-duty.ts";

const options = { settleMs: 5000, tries: 20, repeatable: true };

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
  const cameBack = `${old.id} came back and took writes again; it was fenced before anything else.`;
  const back = noted(unmeasured(run, old), cameBack);
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

/** Behind the call what it takes is lost, whatever was measured before it. */
function unmeasured(run: FailoverRun, { id }: Node): FailoverRun {
  const cleared = { ...run, clearedAt: null };
  if (!mayHaveHappened(run, "execute")) return cleared;
  return { ...cleared, loss: moreThan(run.loss, `${id} took writes, or may have, after it was measured`) };
}

/** RDS changes nothing of an instance that does not run or is not shown; one that is again is walled as soon as it may be. */
function started(run: FailoverRun, old: Node, seen: Sight): Turn | null {
  const { fencedBy } = run;
  if ((fencedBy !== "gone" && fencedBy !== "unseen") || isGone(old)) return null;
  if (!mayHaveHappened(run, "execute") && (fencedBy === "unseen" || !walled(seen.topology, old)))
    return fencedAnew(run);
  if (walled(seen.topology, old)) return withoutSessions(run, old, seen);
  const how = fencedBy === "gone" ? "was started again" : "is shown by RDS again";
  const back = noted(unmeasured(run, old), `${old.id} ${how}.`);
  const wall = raiseWall(back, seen, old, 200);
  return wall.is === "turn" ? wall.turn : null;
}

/** Who came in between its start and the wall stays in: whom we cannot ask to end them RDS restarts behind it, once. */
function withoutSessions(run: FailoverRun, old: Node, seen: Sight): Turn | null {
  const since = run.sent["wall"]?.at;
  const asked = old.look === null || old.look.reachable;
  if (since === undefined || asked || wallOf(seen.topology, old) === null) return null;
  if (!mayHaveHappened(run, "execute") || run.sent["restart"] !== undefined) return null;
  const effect = { kind: "restart", node: old.id } as const;
  const restarted = once(run, seen, "restart", effect, { ...options, shown: false });
  return restarted.is === "turn" ? restarted.turn : null;
}
