import type { NodeFenceOutcome } from "../core/contract/failover-node.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { actingInputSchema } from "../core/contract/vpc-input.ts";
import type { Outcome } from "../core/contract/work-order.ts";
import { fenceNode } from "../core/failover/door/fence-node.ts";
import { postgresDoor } from "../core/failover/door/postgres-door.ts";
import { type ActDeps, actOnDatabase } from "../core/respond/act-on-database.ts";
import { basics } from "../wiring.ts";
import { postgresDatabases } from "../wiring-postgres.ts";
import { lazily } from "./lazily.ts";

/** Carries out one order on PostgreSQL. Runs in the VPC; without an order that is still valid it does nothing. */
export function createHandler(deps: ActDeps): (event: unknown) => Promise<Outcome | NodeFenceOutcome> {
  return async (event) => {
    const asked = parseInput(actingInputSchema, event);
    if ("step" in asked) return fenceNode(asked.input, { ...deps, engine: postgresDoor });
    return actOnDatabase(asked, deps);
  };
}

export const handler = lazily(() => createHandler({ ...basics(), databases: postgresDatabases }));
