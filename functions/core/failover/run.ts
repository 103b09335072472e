import type { FailoverRun, Phase, Sent } from "../contract/failover.ts";
import { afterFence, isAgreed, notAgreed } from "./agreement.ts";
import { namesMoved } from "./between-two.ts";
import { renamedSince } from "./candidate-node.ts";
import { showCommand } from "./commands.ts";
import { compensate } from "./compensate.ts";
import { saidEarlier } from "./earlier-runs.ts";
import type { Effect } from "./effect.ts";
import { saidGivenBack } from "./give-back.ts";
import { besides, blind, overtaken, withoutLock } from "./guards.ts";
import { heldBySwitch, unreadSince } from "./kill-switch-guard.ts";
import { ledAfter } from "./lead.ts";
import { needsFence } from "./methods.ts";
import { withUnread } from "./other-name.ts";
import { deafAfter } from "./passing-look.ts";
import { approve, check, chooseMethod } from "./phases-before.ts";
import { announce, fenceAgain, release } from "./phases-end.ts";
import { execute, proveWritable, waitFor } from "./phases-execute.ts";
import { catchUp, fence } from "./phases-fence.ts";
import { load, takeLock } from "./phases-load.ts";
import { proveName, rebuild, repoint } from "./phases-names.ts";
import type { Seen, Sight, Turn } from "./turn.ts";

/** To be saved before it is done: what is not written down cannot be looked for. */
export type Next =
  | { readonly is: "do"; readonly run: FailoverRun; readonly effect: Effect }
  | { readonly is: "wait"; readonly run: FailoverRun; readonly says: string; readonly until: number }
  | { readonly is: "ended"; readonly run: FailoverRun; readonly told: string; readonly nextCommand: string };

/** Those that need to see the group. */
type Sighted = Exclude<Phase, "load" | "announce" | "release" | "ended">;

const handlers: Readonly<Record<Sighted, (run: FailoverRun, seen: Sight) => Turn>> = {
  lock: takeLock,
  choose: chooseMethod,
  check,
  approve,
  fence,
  "catch-up": catchUp,
  execute,
  wait: waitFor,
  "prove-writable": proveWritable,
  repoint,
  "prove-name": proveName,
  rebuild,
  compensate: (run, seen) => saidGivenBack(compensate(run, seen), seen),
};

/** Here is a redriven one whose call went unanswered. */
const beforeFence: readonly Phase[] = ["check", "approve", "fence"];
const maxTurns = 20;

/**
 * The next thing to do, by what is written down and what was just seen. The same for the same. By "phase" it stops
 * where one phase is left, so that whoever reads the states of a machine sees each of them.
 */
export function next(before: FailoverRun, seen: Seen, by: "effect" | "phase" = "effect"): Next {
  let run = { ...caughtUp(before, seen), unreadSince: unreadSince(before, seen) };
  if (seen.stale) return { is: "wait", run, says: "it is looked at anew", until: seen.now };
  for (let turns = 0; turns < maxTurns; turns += 1) {
    if (run.phase === "ended") return ended(run);
    const turn = turnOf(run, run.phase, seen);
    if ("send" in turn) return sending(turn, seen);
    if ("wait" in turn) return { is: "wait", run: turn.run, says: turn.wait, until: turn.until };
    const left = turn.go !== run.phase;
    run = { ...turn.run, phase: turn.go, phaseSince: left ? seen.now : run.phaseSince };
    if (turn.go === "announce") run = saidEarlier(run);
    if (left && by === "phase" && run.phase !== "ended") break;
  }
  return { is: "wait", run, says: "its next look", until: seen.now };
}

function turnOf(run: FailoverRun, phase: Exclude<Phase, "ended">, seen: Seen): Turn {
  if (phase === "load") return load(run, seen);
  if (phase === "announce") return announce(run, seen);
  if (phase === "release") return release(run, seen);
  const { topology } = seen;
  if (topology === null) return blind(run, seen);
  const sight = { ...seen, topology };
  const locked = phase === "lock" || run.input.dryRun;
  const after = afterFence.includes(phase);
  const back = needsFence(run.method) && after && (isAgreed(run) || namesMoved(run));
  const turn =
    (locked ? null : withoutLock(run, seen)) ??
    (beforeFence.includes(phase) ? besides(run, seen) : null) ??
    (after || beforeFence.includes(phase) ? overtaken(run, sight) : null) ??
    notAgreed(run, phase, sight) ??
    (back ? fenceAgain(run, sight) : null) ??
    handlers[phase](run, sight);
  return heldBySwitch(run, seen, turn);
}

/** Notes what became of the last effect, which token counts, and since when nothing can be seen. */
function caughtUp(before: FailoverRun, seen: Seen): FailoverRun {
  const { answer, lock, topology, now } = seen;
  const of = withUnread(renamedSince(before, topology), seen);
  const run = {
    ...of,
    deaf: deafAfter(before, seen),
    ledAt: topology === null ? of.ledAt : ledAfter(of, { ...seen, topology }),
  };
  const held = lock !== null && lock !== "free" && lock.run === run.id ? lock.token : run.token;
  const known = topology?.nodes.map(({ id }) => id) ?? run.known;
  const blindSince = topology === null || lock === null ? (run.blindSince ?? now) : null;
  const sent = answer === null ? undefined : run.sent[answer.key];
  if (answer === null || sent === undefined) return { ...run, known, token: held, blindSince };
  const is = answer.is === "unknown" ? "none" : answer.is;
  const after: Sent = { ...sent, answer: is, says: answer.says };
  return { ...run, known, token: held, blindSince, sent: { ...run.sent, [answer.key]: after } };
}

function sending({ send, key, run }: Extract<Turn, { send: unknown }>, { now, topology }: Seen): Next {
  const before = run.sent[key];
  const unclear = before !== undefined && (before.unclear || before.answer !== "refused");
  const tries = (before?.tries ?? 0) + 1;
  const token = run.token === null ? {} : { token: run.token };
  const sent = { at: now, tries, unclear, answer: "none" as const, says: null, ...token };
  const replicas = topology?.nodes.flatMap(({ id, replicaOf }) => (replicaOf === null ? [] : [id])) ?? [];
  const copies = send.kind === "fence" ? [...new Set([...run.copies, ...replicas])].slice(0, 64) : run.copies;
  const after = { ...run, effects: run.effects + 1, copies, sent: { ...run.sent, [key]: sent } };
  const group = run.group === null ? {} : { group: run.group };
  const stamp = { run: run.id, token: run.token ?? 0, effect: after.effects, nodes: run.known, ...group };
  return { is: "do", run: after, effect: { ...send, key, stamp } };
}

function ended(run: FailoverRun): Next {
  const { says, nextCommand } = run.ending ?? {
    says: "It ended without saying how, which is a fault of the responder.",
    nextCommand: showCommand(run.id),
  };
  return { is: "ended", run, told: says, nextCommand };
}
