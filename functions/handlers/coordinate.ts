import { coordinateInputSchema } from "../core/contract/workflow.ts";
import { type CoordinateDeps, type CoordinateResult, coordinate } from "../core/respond/coordinate.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

/** Every step that decides or speaks. Touches no database and no AWS resource but the responder's own. */
export function createHandler(deps: CoordinateDeps): (event: unknown) => Promise<CoordinateResult> {
  return (event) => coordinate(coordinateInputSchema.parse(event), deps);
}

export const handler = lazily(
  () =>
    createHandler({
      ...wiring.basics(),
      incidents: wiring.incidents(),
      evidence: wiring.evidence(),
      settings: wiring.settings(),
      killSwitch: wiring.killSwitch(),
      chat: wiring.chat(),
    }),
  wiring.readAhead,
);
