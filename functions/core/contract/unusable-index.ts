import * as z from "zod";

/** An index that is there already, and that the planner may not use: hidden by somebody, or left by a failed build. */
export const unusableIndexSchema = z.object({
  index: z.string(),
  because: z.enum(["invisible", "ignored", "invalid"]),
  /** Makes it again; absent: it was not read. */
  definition: z.string().exactOptional(),
});
export type UnusableIndex = z.infer<typeof unusableIndexSchema>;
