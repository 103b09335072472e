import type { FailoverRun, Phase } from "../contract/failover.ts";
import type { NodeLook } from "../contract/failover-topology.ts";
import { nothingSaid } from "./door/said.ts";
import type { Seen } from "./turn.ts";

/** A server that is well lets us in within a few tens of milliseconds, through a warm function in the VPC, too. */
const passingMs = 400;
/** Then it is waited for as long as for anybody. */
const wholeAgainMs = 10_000;

/** Behind the call nothing is decided by who does not answer but what a whole look has shown of him. */
const behindCall: readonly Phase[] = ["wait", "prove-writable", "repoint", "prove-name", "rebuild"];
/** The look under the lock is a whole one, and these follow it at once. */
const behindLock: readonly Phase[] = ["choose", "check"];

/**
 * A host that is gone answers no packet, and a look at it takes the connector's whole patience: each of a dozen looks
 * would, while clients wait. Whoever did not answer one is asked in passing until a whole look is due again: the old
 * primary where a whole look has just found it silent, the others behind the call alone. Who is to be promoted, how far
 * the others got, and whether the old primary is back behind its restart is not judged by a look in passing.
 */
export function isPassedBy(
  { deaf, phase, oldPrimary, candidate, method }: FailoverRun,
  id: string,
  now: number,
): boolean {
  const at = deaf[id];
  if (at === undefined || now - at >= wholeAgainMs) return false;
  const writer = method === "reboot-with-failover" ? oldPrimary : candidate;
  return behindCall.includes(phase) ? id !== writer : behindLock.includes(phase) && id === oldPrimary;
}

/** Null: it could not be asked, and nothing is known of it. */
export async function inPassing(
  look: (signal: AbortSignal, withinMs: number) => Promise<NodeLook | null>,
  at: number,
  signal: AbortSignal | undefined,
): Promise<NodeLook | null> {
  const over = AbortSignal.timeout(passingMs);
  const late = new Promise<NodeLook>((answer) => {
    over.addEventListener("abort", () => answer(unanswered(at)), { once: true });
  });
  const until = signal === undefined ? over : AbortSignal.any([signal, over]);
  return Promise.race([look(until, passingMs), late]);
}

function unanswered(at: number): NodeLook {
  const failedAt = `again no answer, within ${passingMs} ms`;
  return { ...nothingSaid, at: new Date(at).toISOString(), reachable: false, failedAt };
}

/**
 * Who does not answer, and when that was last waited for. One that refuses answers; of one that could not be asked, because
 * whoever was to ask him broke, nothing new is known.
 */
export function deafAfter({ deaf }: FailoverRun, seen: Seen): FailoverRun["deaf"] {
  const { topology, now, partial, passed = [] } = seen;
  if (topology === null || partial === true) return deaf;
  return Object.fromEntries(
    topology.nodes.flatMap(({ id, look }): [string, number][] => {
      const since = deaf[id];
      if (look === null || passed.includes(id)) {
        const answers = look?.reachable === true || look?.refused === true;
        return since === undefined || answers ? [] : [[id, since]];
      }
      return look.reachable || look.refused === true ? [] : [[id, now]];
    }),
  );
}
