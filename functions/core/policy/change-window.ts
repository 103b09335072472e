import type { ChangeWindow } from "../settings.ts";

const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;
const hourMs = 3_600_000;

/**
 * A window whose end is not after its beginning goes on into the next day and belongs to the day it began. The
 * first instant is inside, the last is not. A time that cannot be read is outside.
 * @param now epoch milliseconds
 */
export function isInWindow({ days: open, fromHour, toHour }: ChangeWindow, now: number): boolean {
  if (!Number.isFinite(now)) return false;
  const hour = new Date(now).getUTCHours();
  const isOpen = (at: number): boolean => {
    const day = days[new Date(at).getUTCDay()];
    return day !== undefined && open.includes(day);
  };
  if (fromHour < toHour) return isOpen(now) && hour >= fromHour && hour < toHour;
  return (isOpen(now) && hour >= fromHour) || (isOpen(now - 24 * hourMs) && hour < toHour);
}

export function windowInWords({ days: open, fromHour, toHour }: ChangeWindow): string {
  return `${open.join(", ")} ${fromHour}:00–${toHour}:00 UTC`;
}
