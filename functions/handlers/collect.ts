import type { ContextReport } from "../core/contract/evidence.ts";
import { parseInput } from "../core/contract/parse-input.ts";
import { assignmentSchema } from "../core/contract/workflow.ts";
import { type CollectDeps, collect } from "../core/respond/collect.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

export function createHandler(deps: CollectDeps): (event: unknown) => Promise<ContextReport> {
  return async (event) => collect(parseInput(assignmentSchema, event), deps);
}

export const handler = lazily(() =>
  createHandler({
    ...wiring.basics(),
    metrics: wiring.metrics(),
    context: wiring.databaseContext(),
    alarmStates: wiring.alarmStates(),
  }),
);
