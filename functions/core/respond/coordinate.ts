import type { Assignment, Authorization, CoordinateInput, Decision } from "../contract/workflow.ts";
import { announce } from "./announce.ts";
import { authorize } from "./authorize.ts";
import { closeIncident } from "./close-incident.ts";
import type { Deps } from "./deps.ts";
import { giveUp } from "./give-up.ts";
import { nextRun } from "./next-run.ts";
import { prepare } from "./prepare.ts";
import { record } from "./record.ts";
import { rest } from "./rest.ts";
import { tellUnknown } from "./tell-unknown.ts";
import { askWayBack, tellWayBack, type WayBackQuestion } from "./way-back.ts";

export type CoordinateDeps = Pick<
  Deps,
  "incidents" | "settings" | "killSwitch" | "chat" | "clock" | "random" | "ids" | "log"
>;

/** What the machine goes on with; the steps that only speak hand back whom they spoke of. */
export type CoordinateResult =
  | Assignment
  | Authorization
  | Decision
  | WayBackQuestion
  | { readonly incidentId: string }
  | { readonly signal: string };

/** Runs the step that the machine names. Each may run twice. */
export async function coordinate(event: CoordinateInput, deps: CoordinateDeps): Promise<CoordinateResult> {
  switch (event.step) {
    case "prepare":
      return prepare(event, deps);
    case "announce":
      return refTo(await announce(event.input.incidentId, deps));
    case "authorize":
      return authorize(event.input, deps);
    case "rest":
      return rest(event.input, deps);
    case "record":
      return record(event.input, deps);
    case "close":
      return closeIncident(event.input.incidentId, deps);
    case "next-run":
      return nextRun(event.execution, event.input.incidentId, deps);
    case "give-up":
      await giveUp(event.execution, event.input, deps, event.retries);
      return { incidentId: event.input.incidentId };
    case "tell-unknown":
      return tellUnknown(event.input, deps);
    case "way-back":
      return askWayBack(event.input, deps);
    case "tell-way-back":
      return tellWayBack(event.input, deps);
    default:
      return event satisfies never;
  }
}

function refTo({ id }: { readonly id: string }): { readonly incidentId: string } {
  return { incidentId: id };
}
