import type { FailoverRun } from "../contract/failover.ts";
import type { NodeLook } from "../contract/failover-topology.ts";
import { nothingSaid } from "./door/said.ts";
import type { Seen } from "./turn.ts";

/** A server that is well lets us in within a few tens of milliseconds, through a warm function in the VPC, too. */
const passingMs = 400;
/** Then it is waited for as long as for anybody. */
const wholeAgainMs = 10_000;

/**
 * A host that is gone answers no packet, and a look at it takes the connector's whole patience: each of a dozen looks
 * would, while clients wait. Whoever did not answer one is asked in passing until a whole look is due again; whom the run
 * is for is waited for always.
 */
export function isPassedBy({ deaf, candidate }: FailoverRun, id: string, now: number): boolean {
  const at = deaf[id];
  return at !== undefined && id !== candidate && now - at < wholeAgainMs;
}

/** Null: it could not be asked, and nothing is known of it. */
export async function inPassing(
  look: (signal: AbortSignal) => Promise<NodeLook | null>,
  at: number,
  signal: AbortSignal | undefined,
): Promise<NodeLook | null> {
  const over = AbortSignal.timeout(passingMs);
  const late = new Promise<NodeLook>((answer) => {
    over.addEventListener("abort", () => answer(unanswered(at)), { once: true });
  });
  return Promise.race([look(signal === undefined ? over : AbortSignal.any([signal, over])), late]);
}

function unanswered(at: number): NodeLook {
  const failedAt = `again no answer, within ${passingMs} ms`;
  return { ...nothingSaid, at: new Date(at).toISOString(), reachable: false, failedAt };
}

/** Who does not answer, and when that was last waited for. One that refuses answers. */
export function deafAfter({ deaf }: FailoverRun, seen: Seen): FailoverRun["deaf"] {
  const { topology, now, partial, passed = [] } = seen;
  if (topology === null || partial === true) return deaf;
  return Object.fromEntries(
    topology.nodes.flatMap(({ id, look }) => {
      if (look?.reachable === true || look?.refused === true) return [];
      return [[id, passed.includes(id) ? (deaf[id] ?? now) : now] as const];
    }),
  );
}
