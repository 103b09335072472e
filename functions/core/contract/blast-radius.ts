import * as z from "zod";

/** One session, a list of them, or up to so many; an action that names none hits none. */
const radiusSchema = z.union([
  z.object({ sessionId: z.number() }).transform(() => 1),
  z.object({ sessions: z.array(z.json()) }).transform(({ sessions }) => sessions.length),
  z.object({ most: z.number().int() }).transform(({ most }) => most),
  z.json().transform(() => 0),
]);

/** How many sessions an action with this input hits at most. */
export function blastRadius(input: z.core.util.JSONType): number {
  return radiusSchema.parse(input);
}
