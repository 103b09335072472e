import { type Snooze, standing } from "../contract/snooze.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { GateInput } from "./gate-input.ts";

type Whom = {
  readonly incident: Pick<GateInput["incident"], "group">;
  readonly target: Pick<GateInput["target"], "name">;
};

/** Under the names by which the setting `exempt` knows a database, too: its own, its group's, and that with account and Region. */
export function snoozeOf(
  { incident: { group }, target }: Whom,
  snoozes: readonly Snooze[],
  now: number,
): Snooze | null {
  const names = [group, group.slice(group.lastIndexOf("/") + 1), target.name];
  return standing(snoozes, now).find(({ name }) => names.includes(name)) ?? null;
}

/** SPEC A40: exempted for a time, by a command. */
export function snoozedRefusal({
  snoozes,
  now,
  ...whom
}: Whom & Pick<GateInput, "snoozes" | "now">): Refusal | null {
  const snooze = snoozeOf(whom, snoozes, now);
  if (snooze === null) return null;
  const { name, until, reason, by } = snooze;
  return {
    guard: "snoozed",
    reason: `${name} is snoozed until ${until} by ${by}: ${reason}.`,
    release: `Lifts by itself then, or with /db snooze ${name} off (responder snooze ${name} --off).`,
  };
}
