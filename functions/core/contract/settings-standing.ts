import * as z from "zod";

/** Of one version of the parameter. By the time, not by the number alone: a parameter made anew counts from 1 again. */
const versionFields = {
  version: z.number(),
  /** Epoch milliseconds, by Parameter Store's clock. */
  modifiedAt: z.number(),
};

/** The version that is used in place of the newest; null: none that is good was ever seen, and nothing is done. */
const insteadSchema = z.number().nullable();

/** Whether the settings in use are those that people have written last. */
export const settingsStandingSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("in-force"), ...versionFields }),
  /** Parameter Store does not answer, but did minutes ago: nobody is told yet. */
  z.object({ kind: z.literal("waiting") }),
  /** Each fault names its field, never the value: settings may hold names. */
  z.object({
    kind: z.literal("invalid"),
    ...versionFields,
    faults: z.array(z.string()),
    instead: insteadSchema,
  }),
  z.object({
    kind: z.literal("unreadable"),
    reason: z.string(),
    instead: insteadSchema,
    /** By a process that started minutes ago and had no answer yet: nothing is done unasked, and nobody is told yet. */
    maybePassing: z.boolean().optional(),
  }),
]);
export type SettingsStanding = z.infer<typeof settingsStandingSchema>;

/** What the people of an incident were last told of it; nothing while all was well. */
export const settingsToldSchema = z.object({
  state: z.enum(["right", "invalid", "unreadable"]),
  /** Epoch milliseconds at which that version was written; 0 while none was read. */
  modifiedAt: z.number(),
});
