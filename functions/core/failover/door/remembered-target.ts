import type { Target } from "../../contract/target.ts";
import type { Clock } from "../../ports.ts";
import { type NodeRef, refOf } from "./node-ref.ts";

interface Finding {
  readonly clock: Pick<Clock, "now">;
  /** RDS, which knows where a node listens. */
  find(ref: NodeRef, signal?: AbortSignal): Promise<Target | null>;
}

/** Where a node listens stays; a look every moment would ask RDS for it more often than RDS answers. */
const rememberMs = 60_000;

export function rememberedTarget({ find, clock }: Finding) {
  const known = new Map<string, { readonly target: Target; readonly at: number }>();
  return async (node: string, signal?: AbortSignal): Promise<Target | null> => {
    const before = known.get(node);
    if (before !== undefined && clock.now() - before.at < rememberMs) return before.target;
    const target = await find(refOf(node), signal);
    // One that is being made has no address yet.
    if (target !== null && target.host !== "") known.set(node, { target, at: clock.now() });
    return target;
  };
}
