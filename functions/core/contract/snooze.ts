import * as z from "zod";

/** Somebody wants a database left alone for a time: the gate refuses every action on it until then. */
export const snoozeSchema = z.object({
  /** DB instance, cluster or group, as it was typed. */
  name: z.string().min(1),
  until: z.string(),
  reason: z.string(),
  /** Slack user id, or who gave the command where there is none. */
  by: z.string(),
  at: z.string(),
});
export type Snooze = z.infer<typeof snoozeSchema>;

/** All of a deployment, in one item: whoever acts reads it with one call. */
export const snoozesSchema = z.object({
  /** Optimistic lock of the store; 0: nothing was ever stored. */
  revision: z.number().int().nonnegative(),
  list: z.array(snoozeSchema),
});
export type Snoozes = z.infer<typeof snoozesSchema>;

export const noSnoozes: Snoozes = { revision: 0, list: [] };

/** A time that cannot be read has not passed: somebody wanted this database left alone. */
export function standing(list: readonly Snooze[], now: number): readonly Snooze[] {
  return list.filter(({ until }) => !(now >= Date.parse(until)));
}

/** Part of the incident store. */
export interface SnoozeStore {
  /** What has ended may be among them. */
  snoozes(): Promise<Snoozes>;
  /** Writes when the stored revision is `snoozes.revision`, and raises it; false otherwise. */
  saveSnoozes(snoozes: Snoozes): Promise<boolean>;
}
