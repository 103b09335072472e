import { faultsOf, invalidInput } from "../core/contract/parse-input.ts";
import { coordinateInputSchema, incidentRefExample } from "../core/contract/workflow.ts";
import { type CoordinateDeps, type CoordinateResult, coordinate } from "../core/respond/coordinate.ts";
import * as wiring from "../wiring.ts";
import { lazily } from "./lazily.ts";

/** Every step that decides or speaks, but the diagnosis. Touches no database and no AWS resource but the responder's own. */
export function createHandler(deps: CoordinateDeps): (event: unknown) => Promise<CoordinateResult> {
  return async (event) => {
    const parsed = coordinateInputSchema.safeParse(event);
    if (!parsed.success) throw invalidInput(faultsOf(parsed.error, "input"), incidentRefExample);
    return coordinate(parsed.data, deps);
  };
}

export const handler = lazily(
  () =>
    createHandler({
      ...wiring.basics(),
      incidents: wiring.incidents(),
      settings: wiring.settings(),
      killSwitch: wiring.killSwitch(),
      chat: wiring.chat(),
    }),
  wiring.readAhead,
);
