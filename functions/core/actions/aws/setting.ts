import * as z from "zod";

/** One value of a parameter group that is set. */
export const settingSchema = z.strictObject({
  name: z.string().regex(/^[\w.]+$/),
  value: z.string(),
  /** What the group has set: another value now is somebody's who came later. */
  from: z.string().exactOptional(),
  /** What the database had when it was proposed; of what nobody has set in the group that is its default. */
  seen: z.string().exactOptional(),
  /** Which way it is a remedy: what has come as far by itself is left; "neither": a choice, which somebody may have made. */
  towards: z.enum(["higher", "lower", "neither"]).exactOptional(),
});
export type Setting = z.infer<typeof settingSchema>;
