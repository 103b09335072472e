import * as z from "zod";

/**
 * A number with an end, and why it ends there: milliseconds written for seconds are a valid number, too, and would show
 * only when an incident waits for weeks.
 */
export function atMost(most: number, why: string) {
  return z.number().max(most, `is at most ${most}: ${why}`);
}

export const day = 86_400;
export const blind = "between two looks nobody sees that it gets worse";
export const hung = "a database that hangs holds up the look so long";
export const silent = "no person hears of it before that";

/** https://docs.slack.dev/changelog/2016-08-11-user-id-format-changes names both letters. */
export const slackUserSchema = z
  .string()
  .regex(
    /^[UW][A-Z0-9]+$/,
    "is not the id of a Slack user (U or W, then capitals and digits): a name matches nobody",
  );
