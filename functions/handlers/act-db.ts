import type { Outcome } from "../core/contract/work-order.ts";
import { actInputSchema } from "../core/contract/workflow.ts";
import { type ActDeps, actOnDatabase } from "../core/respond/act-on-database.ts";
import * as wiring from "../wiring.ts";
import { databases } from "../wiring-databases.ts";
import { lazily } from "./lazily.ts";

/** Runs in the VPC and carries out one order; without an order that is still valid it does nothing. */
export function createHandler(deps: ActDeps): (event: unknown) => Promise<Outcome> {
  return (event) => actOnDatabase(actInputSchema.parse(event), deps);
}

export const handler = lazily(async () => createHandler({ ...wiring.basics(), databases }));
