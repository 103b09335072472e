import type { ProbeReport } from "../core/contract/evidence.ts";
import { assignmentSchema } from "../core/contract/workflow.ts";
import { type LookDeps, lookInside } from "../core/respond/look-inside.ts";
import * as wiring from "../wiring.ts";
import { databases } from "../wiring-databases.ts";
import { lazily } from "./lazily.ts";

/** Runs in the VPC: its event is all it is told, its result all it tells. */
export function createHandler(deps: LookDeps): (event: unknown) => Promise<ProbeReport> {
  return (event) => lookInside(assignmentSchema.parse(event), deps);
}

export const handler = lazily(async () => createHandler({ ...wiring.basics(), databases }));
