import * as z from "zod";

/** What somebody has to go on looking at when the run has ended; kept by the sweeper. Times in ms of the epoch. */
export const dutySchema = z.object({
  kind: z.literal("watch-old-primary"),
  /** As RDS called it when it was last seen: one that was renamed is followed by its resource. */
  node: z.string(),
  /** DbiResourceId, where it was known. */
  resourceId: z.string().exactOptional(),
  since: z.number(),
  because: z.string(),
  /** RDS did not show it: that it does not yet is no sign that it is gone. */
  unseen: z.literal(true).exactOptional(),
  /** The last look at it, and what it showed; absent: there was none so far. */
  seen: z.object({ at: z.number(), says: z.string() }).exactOptional(),
  /** Since when it cannot be looked at, why, and when people were told; absent: the last look was one. */
  blind: z
    .object({ since: z.number(), says: z.string(), toldAt: z.number().exactOptional() })
    .exactOptional(),
  /** When people were told that it is left alone as the primary: from then on it is not fenced any more. */
  toldAt: z.number().exactOptional(),
  /** When people were told that it takes writes and is not fenced. Absent again once it is seen to take none. */
  unfencedToldAt: z.number().exactOptional(),
  /** What was done about it and no channel has taken yet. */
  untold: z.string().exactOptional(),
});
export type Duty = z.infer<typeof dutySchema>;
