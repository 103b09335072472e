import { type IntakeResult, takeIn } from "../core/respond/intake.ts";
import type { IntakeDeps } from "../core/respond/open-or-attach.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

/** S1–S3: alarm action, EventBridge, SNS. Throws only when a store fails, so that the sender delivers again. */
export function createHandler(deps: IntakeDeps): (event: unknown) => Promise<IntakeResult> {
  return (event) => takeIn(event, deps);
}

export const handler = lazily(() =>
  createHandler({
    ...wiring.basics(),
    incidents: wiring.incidents(),
    settings: wiring.settings(),
    rds: wiring.rds(),
    alarms: wiring.alarms(),
    workflow: wiring.workflow(),
    deadLetters: wiring.deadLetters(),
  }),
);
