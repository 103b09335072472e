import * as z from "zod";
import type { ScheduleState } from "../../schedule-ports.ts";
import type { ScheduleSettings } from "../../schedule-settings.ts";
import type { AwsWorld } from "../define-aws.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

export const pauseInputSchema = z.strictObject({
  kind: z.enum(["rule", "schedule"]),
  name: z.string().min(1).max(64),
  group: z.string().min(1).max(64),
  /** Of a schedule: the role that its target is begun with, and that may be passed on. */
  roleArn: z.string().nullable(),
  /** False: it begins nothing more; true: it does again. */
  runs: z.boolean(),
  /** What it is besides its state, where that was seen before. */
  mark: z.string().nullable(),
});
export type PauseInput = z.infer<typeof pauseInputSchema>;

export const called = ({ kind, group, name }: PauseInput): string =>
  kind === "rule" ? `rule ${group}/${name} of EventBridge` : `schedule ${group}/${name} of EventBridge`;

/** What the settings name, as an order asks for it. */
export function pauseInput(schedule: ScheduleSettings): PauseInput {
  const { kind, name, group } = schedule;
  return {
    kind,
    name,
    group,
    roleArn: schedule.kind === "schedule" ? schedule.roleArn : null,
    runs: false,
    mark: null,
  };
}

export const isOnce = ({ expression }: ScheduleState): boolean => expression?.startsWith("at(") ?? false;
export const wanted = ({ runs }: PauseInput): string => (runs ? "ENABLED" : "DISABLED");
export const byHand = "A person changes it, who knows what it begins.";

/** What could not be given back, or not be written as it is. */
export function cannotKeep(found: ScheduleState, input: PauseInput, is: string): Check | null {
  if (found.managedBy !== null)
    return refuse(
      "managed",
      `The ${called(input)} is managed by ${found.managedBy}, which alone changes it.`,
      byHand,
    );
  if (found.state !== "ENABLED" && found.state !== "DISABLED")
    return refuse("cannot-keep", `${is}, to which nothing that is known here would bring it back.`, byHand);
  if (found.roleArn !== input.roleArn)
    return refuse(
      "another-role",
      `The ${called(input)} begins its target with ${found.roleArn ?? "no role"}, and ${input.roleArn ?? "none"} may be passed on.`,
      "Whoever owns the settings corrects roleArn in policy.schedules, and deploys.",
    );
  return null;
}

const minuteMs = 60_000;
/** Local times are ahead of UTC by 14 hours at the most. */
const farthestMs = 14 * 3600_000;

export function tooLate(
  { clock }: Pick<AwsWorld, "clock">,
  found: ScheduleState,
  input: PauseInput,
): Check | null {
  const now = clock.now();
  if (found.startsAt !== null && found.startsAt < now - 4 * minuteMs)
    return refuse(
      "cannot-keep",
      `The ${called(input)} began at a StartDate that Scheduler takes no more (5 min ago at the most).`,
      byHand,
    );
  if (!input.runs) return null;
  const at = /^at\((.+)\)$/.exec(found.expression ?? "")?.[1];
  const passed = at !== undefined && !(Date.parse(`${at}Z`) - farthestMs > now);
  const over = found.endsAt !== null && found.endsAt <= now;
  return passed || over
    ? refuse(
        "time-passed",
        `The ${called(input)} was to run ${over ? "until" : "at"} a time that has passed, or may have: resumed, it would not run.`,
        "Its owner gives it another time.",
      )
    : null;
}
