import { AwsError } from "../../core/errors.ts";
import type { ScheduleName, ScheduleState, Schedules } from "../../core/schedule-ports.ts";

export interface MemorySchedules extends Schedules {
  readonly kept: Map<string, ScheduleState>;
  /** The next turns: "lost" is done all the same, and an error is thrown instead. */
  readonly answers: ("lost" | AwsError)[];
  readonly turned: string[];
}

export function scheduleKey({ kind, group, name }: ScheduleName): string {
  return `${kind} ${group}/${name}`;
}

export function createMemorySchedules(): MemorySchedules {
  const kept = new Map<string, ScheduleState>();
  const answers: ("lost" | AwsError)[] = [];
  const turned: string[] = [];
  return {
    ...{ kept, answers, turned },
    look: async (of) => kept.get(scheduleKey(of)) ?? null,
    turn: async (of, { on, mark }) => {
      const answer = answers.shift();
      if (answer instanceof AwsError) throw answer;
      const found = kept.get(scheduleKey(of));
      if (found === undefined || found.mark !== mark) return "changed";
      kept.set(scheduleKey(of), { ...found, state: on ? "ENABLED" : "DISABLED" });
      turned.push(`${scheduleKey(of)} ${on}`);
      if (answer === "lost") throw new AwsError("TimeoutError", false, "no answer in time");
      return "sent";
    },
  };
}
