import type { AlarmState, AlarmStateSource } from "../../core/context-ports.ts";

export interface MemoryAlarmStates extends AlarmStateSource {
  /** From now on the question is refused for this reason; null ends it. */
  refuse(reason: string | null): void;
}

/** Alarms that stand as the list says; read at each call, so that a lab can change what is true. */
export function createMemoryAlarmStates(alarms: readonly AlarmState[]): MemoryAlarmStates {
  let refused: string | null = null;
  return {
    refuse: (reason) => {
      refused = reason;
    },
    read: async (namesOrArns) => {
      if (refused !== null) {
        return { value: null, missing: [{ what: "alarm states", reason: refused, howToSee: null }] };
      }
      const found = alarms.filter(({ arn, name }) =>
        namesOrArns.some((wanted) => (wanted.startsWith("arn:") ? wanted === arn : wanted === name)),
      );
      return { value: structuredClone(found), missing: [] };
    },
  };
}
