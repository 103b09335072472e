import type { FailoverRun } from "../contract/failover.ts";
import { nodeOf } from "../contract/failover-topology.ts";
import { describeCommand, redriveCommand } from "./commands.ts";
import { heldBy } from "./held.ts";
import { lossOf } from "./loss.ts";
import { slowMessage } from "./messages.ts";
import { executeOf, needsFence, newWriter, progressOf, repeatable, showsWithinMs } from "./methods.ts";
import { hasItsName } from "./old-node.ts";
import { once } from "./once.ts";
import { isUnseen, judge } from "./phases-before.ts";
import { renamed } from "./phases-fence.ts";
import { isGone } from "./primary-state.ts";
import { stamped } from "./times.ts";
import { end, giveUp, mayHaveHappened, over, type Sight, type Turn, unproved, wait } from "./turn.ts";

const waitLimitMs = 1_800_000;
const slowMs = 120_000;
const writableLimitMs = 300_000;

export function execute(run: FailoverRun, seen: Sight): Turn {
  // The loss is measured while nothing was sent: afterwards the candidate has a history of its own.
  const sent = run.sent["execute"];
  const nothing = progressOf(run, seen) === "nothing";
  const cleared = isCleared(run, seen);
  const measured = cleared && nothing ? { ...run, loss: lossOf(run, seen.topology) } : run;
  const effect = executeOf(measured, seen.topology);
  const shown = !nothing && sent !== undefined;
  const options = { shown, settleMs: showsWithinMs, tries: 3, repeatable: repeatable(run) };
  const did = once(measured, seen, "execute", effect, options);
  if (did.is === "turn") {
    if (!("send" in did.turn)) return did.turn;
    if (!cleared) return fencedAnew(run);
    const stop = needsFence(run.method) ? withoutNamesake(run, seen) : heldNow(measured, seen);
    return stop ?? { ...did.turn, run: stamped(calledFor(did.turn.run, seen), "sent", seen.now) };
  }
  if (did.is === "shown") return { go: "wait", run: measured };
  const of = run.candidate ?? run.oldPrimary ?? run.input.database;
  if (did.mayHaveHappened) return unanswered(measured, of);
  const says = `RDS refused it (${did.says}). Nothing was promoted.`;
  return giveUp(measured, { status: "failed", says, nextCommand: describeCommand(of) });
}

/** By what it is known under whatever name, and when it is gone. */
function calledFor(run: FailoverRun, { topology }: Sight): FailoverRun {
  return { ...run, candidateResource: nodeOf(topology, run.candidate)?.resourceId ?? null };
}

function unanswered(run: FailoverRun, of: string): Turn {
  return end(run, {
    status: "failed",
    says: `The call was sent, ${cameOf(run)}, and RDS shows nothing of it: it may still happen. ${staysFenced(run)}`,
    // Twice would not be as once: a redrive of it could only say the same again.
    nextCommand: repeatable(run) ? `${describeCommand(of)} && ${redriveCommand(run)}` : describeCommand(of),
  });
}

function cameOf({ sent }: FailoverRun): string {
  return sent["execute"]?.answer === "done" ? "RDS took it" : "no answer came";
}

/** Of a method without a fence the names follow the writer by themselves. */
function staysFenced({ method }: FailoverRun): string {
  return needsFence(method)
    ? "The names stay where they were; the old primary stays fenced."
    : "Nobody was fenced, and no name was moved.";
}

function withoutNamesake(run: FailoverRun, { topology }: Sight): Turn | null {
  return hasItsName(run, topology) ? giveUp(run, renamed(run)) : null;
}

/** Between it and its call lie a look and a cold start; a switch, a lock or a function that failed may be minutes. */
const clearedMs = 60_000;

/** Each call of a promotion has its own way there: fence, goal, lasting vetoes. What they said holds for a moment. */
function isCleared({ sent, clearedAt, method }: FailoverRun, { now }: Sight): boolean {
  if (!needsFence(method)) return true;
  const since = sent["execute"]?.at ?? Number.NEGATIVE_INFINITY;
  return clearedAt !== null && clearedAt > since && now - clearedAt <= clearedMs;
}

/** Nothing of the last call shows: by now the old primary may have been opened, and the candidate be behind. */
export function fencedAnew(run: FailoverRun): Turn {
  return { go: "fence", run: { ...run, ...unproved } };
}

const unseenLimitMs = 10_000;

/**
 * No fence stands between what was checked and this call: whoever sent nothing and died may be minutes ago, and RDS have
 * failed it over by itself since.
 */
function heldNow(run: FailoverRun, seen: Sight): Turn | null {
  const sent = run.sent["execute"];
  const { held } = judge(run, seen, "all");
  if (held.length === 0) return null;
  const names = held.map(({ name }) => name).join(", ");
  const since = Math.max(run.phaseSince, sent === undefined ? 0 : sent.at + showsWithinMs);
  const unseen = held.every(({ name, says }) => isUnseen(name, says));
  if (unseen && seen.now < since + unseenLimitMs) return wait(run, seen, `${names} stands: looked at again`);
  if (!mayHaveHappened(run, "execute")) return end(run, heldBy(run, held));
  const says = `The call was sent, no answer came, and it is not sent again: ${names} stands by now. It may still happen.`;
  return end(run, { status: "failed", says, nextCommand: redriveCommand(run) });
}

export function waitFor(run: FailoverRun, seen: Sight): Turn {
  const progress = progressOf(run, seen);
  if (progress === "finished") return { go: "prove-writable", run: stamped(run, "promoted", seen.now) };
  // It had begun and is gone: the candidate crashed in the middle of it, and is a replica as before.
  if (progress === "nothing") return { go: "execute", run };
  const of = newWriter(run, seen.topology) ?? run.input.database;
  const node = nodeOf(seen.topology, of);
  const status = `${of} is ${node?.status ?? "not shown"}`;
  const lost = needsFence(run.method) && isGone(node);
  if (!lost && !over(run, seen, waitLimitMs)) return slowly(run, seen, of, status);
  return end(run, {
    status: "failed",
    says: `RDS began it and ${lost ? "will not finish" : `has not finished after ${waitLimitMs / 60_000} min`}: ${status}. ${staysFenced(run)}`,
    nextCommand: lost ? `${describeCommand(of)} && ${redriveCommand(run)}` : redriveCommand(run),
  });
}

/** Nobody else is promoted meanwhile: the call may still be carried out. People are told that, once. */
function slowly(run: FailoverRun, seen: Sight, of: string, status: string): Turn {
  const told = run.sent["slow"] !== undefined;
  if (told || !over(run, seen, slowMs)) return wait(run, seen, "RDS is at it");
  const silent = nodeOf(seen.topology, of)?.look?.reachable === false ? " and does not answer" : "";
  const says = `RDS is at it for ${slowMs / 1000} s: ${status}${silent}. It may still finish, so nobody else is promoted.`;
  const message = slowMessage(run, says, describeCommand(of), seen.now);
  return { send: { kind: "tell", message, thread: run.thread }, key: "slow", run };
}

export function proveWritable(run: FailoverRun, seen: Sight): Turn {
  const writer = newWriter(run, seen.topology);
  const look = nodeOf(seen.topology, writer)?.look ?? null;
  const traces = look?.fenced === true || look?.traces === true;
  const takesWrites = look?.reachable === true && look.writable === true;
  const asked = !needsFence(run.method) || run.sent["open"] !== undefined;
  if (takesWrites && asked && !traces) return { go: "repoint", run: stamped(run, "writable", seen.now) };
  // What fences a PostgreSQL primary, or locks accounts on MySQL, lies in tables that are replicated, a half of it too.
  if (writer !== null && look?.reachable === true && (traces || takesWrites)) {
    const options = { shown: false, settleMs: 3000, tries: 30, repeatable: true };
    const opened = once(run, seen, "open", { kind: "unfence", node: writer }, options);
    if (opened.is === "turn") return opened.turn;
  }
  if (!over(run, seen, writableLimitMs))
    return wait(run, seen, `${writer ?? "the new writer"} takes no writes yet`);
  const why = traces ? "our own fence, or a part of it, is on it" : "read-only";
  return end(run, {
    status: "failed",
    says: notOpen(run, writer, look?.failedAt ?? why),
    nextCommand: redriveCommand(run),
  });
}

function notOpen(run: FailoverRun, writer: string | null, why: string): string {
  return `${writer ?? "The new writer"} is promoted and not open to its clients (${why}). ${staysFenced(run)}`;
}
