import * as z from "zod";
import type { Custody } from "./custody.ts";

const dayMs = 86_400_000;
/** One look a day; after the last one nobody looks any more. */
export const mostDays = 7;

/** Of what was made larger in an incident that is over: how its way back stands. */
export const wayBackSchema = z.object({
  /** Until then a click takes it back. */
  until: z.string(),
  /** Looks at a day so far. */
  looks: z.number().int().nonnegative(),
  /** The look whose card proposes it; null: none did. */
  card: z.number().int().positive().nullable(),
  /** What the newest look saw. */
  says: z.string().nullable(),
  over: z.boolean(),
});
export type WayBack = z.infer<typeof wayBackSchema>;

export function firstWayBack(at: string): WayBack {
  const until = new Date(Date.parse(at) + (mostDays + 1) * dayMs).toISOString();
  return { until, looks: 0, card: null, says: null, over: false };
}

/** Beside the incident, by which the sweep finds it: it is looked at again when its day has passed. */
export const wayBackNoteSchema = z.object({
  schema: z.literal("way-back.v1"),
  incidentId: z.string(),
  /** What is to be taken back. */
  orderId: z.string(),
  givesBackAt: z.string(),
  until: z.string(),
  looks: z.number().int().nonnegative(),
  /** How often somebody has set out to look; each under a name of its own. */
  tries: z.number().int().nonnegative(),
  /** Somebody is looking: nobody else does until then. */
  claimedUntil: z.string().nullable(),
  /** Of these tries, those after `until`. */
  late: z.number().int().nonnegative().exactOptional(),
  ended: z.boolean(),
});
export type WayBackNote = z.infer<typeof wayBackNoteSchema>;

export function firstNote(incidentId: string, orderId: string, at: string): WayBackNote {
  return {
    ...{ schema: "way-back.v1", incidentId, orderId, until: firstWayBack(at).until },
    ...{ givesBackAt: daysAfter(at, 1), looks: 0, tries: 0, claimedUntil: null, ended: false },
  };
}

/** The day of the last word: what is left until `until` is for whoever could not say it. */
export function lastWordAt({ until }: Pick<WayBack, "until">): string {
  return daysAfter(until, -1);
}

export function daysAfter(at: string, days: number): string {
  return new Date(Date.parse(at) + days * dayMs).toISOString();
}

/** What a look at the day came to: "go": it fits; "back": it is as it was before already. */
export const triedSchema = z.object({ kind: z.enum(["go", "back", "refused", "failed"]), says: z.string() });
export type Tried = z.infer<typeof triedSchema>;

/** Part of the incident store. */
export interface WayBackStore {
  /** Takes the group's lock again for an incident that was closed; false: another one of the group is open. */
  reopen(custody: Custody): Promise<boolean>;
  /** Written where there is none, or nobody has looked yet. */
  putWayBack(note: WayBackNote): Promise<void>;
  /** What has ended may be among them; one that cannot be read is logged, and left to its time to live. */
  wayBacks(): Promise<readonly WayBackNote[]>;
  /** Writes when the stored one is still `before`; false otherwise. */
  replaceWayBack(before: WayBackNote, after: WayBackNote): Promise<boolean>;
}
