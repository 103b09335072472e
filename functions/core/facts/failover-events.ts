import type { RdsEvent } from "../contract/context.ts";
import { inCategory, minutesSince, recentEvents } from "./rds-facts.ts";
import type { View } from "./view.ts";

export type FailoverStage = "under-way" | "done" | "failed";

const dayMinutes = 24 * 60;

/** RDS-EVENT-0034: the one before it was carried out, and nothing is moved again so soon after. */
const tooSoon = /failover recently occurred/i;

/**
 * The newest within a day. What RDS refused since has moved nothing and ended nothing, and hides neither: told alone it is
 * of a failover too old to be told.
 */
export function newestFailover(view: View): RdsEvent | null {
  const all = failoversOf(view);
  return all.find(({ message }) => !tooSoon.test(message)) ?? all[0] ?? null;
}

/** Of this database and its cluster within a day, newest first. */
export function failoversOf(view: View): readonly RdsEvent[] {
  return recentEvents(view, dayMinutes).filter(isFailover);
}

function isFailover(event: RdsEvent): boolean {
  const named = inCategory(event, "failover") || inCategory(event, "global failover");
  // Multi-AZ being switched on is in the same category, and moves nothing.
  return named && !/multi-az.*(activat|conversion)|recovered from/i.test(event.message);
}

export function failoverStage(message: string): FailoverStage {
  if (/\bfailed\b|abandon|cancel|unable/i.test(message)) return "failed";
  return /complete|finished|\bdone\b|successfully promoted|resynchroni[sz]ing/i.test(message)
    ? "done"
    : "under-way";
}

/** One that has not ended after this long is not going as it should. */
export const slowFailoverMinutes = 10;

/** RDS is at it: its newest word is that it has begun, and that was not long ago. Of one that takes long, nobody knows. */
export function isFailingOver(view: View): boolean {
  if (saidFailingOver(view)) return true;
  const newest = newestFailover(view);
  return (
    newest !== null &&
    failoverStage(newest.message) === "under-way" &&
    minutesSince(view, newest.at) <= slowFailoverMinutes
  );
}

/** By the status of the cluster: events may come minutes late, or never. */
export function saidFailingOver({ evidence }: View): boolean {
  return evidence.context?.topology?.cluster?.status === "failing-over";
}

/** "Completed failover to DB instance: NAME" (RDS-EVENT-0071), which clusters alone write. */
const toInstance = /failover to DB instance: (\S+)/i;

/** Whom it names, where it has succeeded; null for others, and where no instance is named. */
export function movedTo({ message }: RdsEvent): string | null {
  return failoverStage(message) === "done" ? (toInstance.exec(message)?.[1] ?? null) : null;
}

/**
 * The failover within a day that made this database the writer; null without one, and where it is not the writer.
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html
 */
export function movedHere(view: View): RdsEvent | null {
  const { target, context } = view.evidence;
  // Asked of every metric: the words are the quickest to tell that there was none.
  if (target.role !== "writer" || !(context?.events ?? []).some(({ message }) => toInstance.test(message)))
    return null;
  const newest = failoversOf(view).find(({ message }) => failoverStage(message) === "done");
  return toInstance.exec(newest?.message ?? "")?.[1] === target.name ? (newest ?? null) : null;
}

/** What it did a day and a week ago is no measure of it then. Of several failovers nobody knows what it was before. */
export function wasReader(view: View): boolean {
  if (movedHere(view) === null) return false;
  return failoversOf(view).filter(({ message }) => failoverStage(message) === "done").length === 1;
}
