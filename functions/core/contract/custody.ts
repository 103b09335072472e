import * as z from "zod";

/**
 * Who looks after an open incident: one execution, by its name. Kept with the lock of the incident's group and not in
 * the incident, so that it can be read, and the group be freed, when the incident itself can be neither.
 */
export const custodySchema = z.object({
  schema: z.literal("custody.v1"),
  group: z.string(),
  incidentId: z.string(),
  /** Name of the execution that has the incident in hand. A name is used once, also by one that died. */
  execution: z.string(),
  /** How many there have been; the next one is named after it. */
  executions: z.number().int().positive(),
  /** ISO time since when it has it. */
  since: z.string(),
  /** Looks that had been taken by then. */
  fromCycle: z.number().int().nonnegative(),
  /** Executions before it, in a row, that ended without a look. */
  barren: z.number().int().nonnegative(),
  /** The one before it died, or was replaced by hand: what its last look did may not be recorded. */
  takenUp: z.boolean().optional(),
});
export type Custody = z.infer<typeof custodySchema>;
