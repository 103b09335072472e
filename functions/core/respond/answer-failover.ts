import type { NodeLook } from "../contract/failover-topology.ts";
import type { FailoverQuestion, Resolved } from "../contract/vpc-input.ts";
import { lookAtNode } from "../failover/door/look-at-node.ts";
import type { EngineDoor } from "../failover/door/node-way.ts";
import type { LookDeps } from "./look-inside.ts";

export interface ProbeDeps extends LookDeps {
  /** Where a name leads by the VPC's resolver. */
  resolve(name: string): Promise<string | null>;
}

/** What a failover, which stands outside, asks of the function in the VPC. */
export async function answerFailover(
  asked: FailoverQuestion,
  deps: ProbeDeps & { readonly engine: EngineDoor },
): Promise<NodeLook | Resolved> {
  switch (asked.step) {
    case "look-at-node":
      return lookAtNode(asked.input, deps);
    case "resolve-name":
      return { leadsTo: await deps.resolve(asked.input.name) };
    default:
      return asked satisfies never;
  }
}
