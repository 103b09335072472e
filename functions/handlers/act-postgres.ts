import { parseInput } from "../core/contract/parse-input.ts";
import type { Outcome } from "../core/contract/work-order.ts";
import { actInputSchema } from "../core/contract/workflow.ts";
import { type ActDeps, actOnDatabase } from "../core/respond/act-on-database.ts";
import { basics } from "../wiring.ts";
import { postgresDatabases } from "../wiring-postgres.ts";
import { lazily } from "./lazily.ts";

/** Carries out one order on PostgreSQL. Runs in the VPC; without an order that is still valid it does nothing. */
export function createHandler(deps: ActDeps): (event: unknown) => Promise<Outcome> {
  return async (event) => actOnDatabase(parseInput(actInputSchema, event), deps);
}

export const handler = lazily(() => createHandler({ ...basics(), databases: postgresDatabases }));
