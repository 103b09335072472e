import type { AlarmInfo, Alarms } from "../../core/ports.ts";

export interface MemoryAlarm extends AlarmInfo {
  /** ARNs or names of the alarms in a composite alarm's rule. */
  readonly children?: readonly string[];
}

/** Composite → children → their children → theirs, as the real adapter follows them. */
const maxDepth = 3;

export function createMemoryAlarms(alarms: readonly MemoryAlarm[]): Alarms {
  return {
    describe: async (arns) => {
      const found = new Map<string, AlarmInfo>();
      let level: readonly string[] = arns;
      for (let depth = 0; depth <= maxDepth && level.length > 0; depth += 1) {
        const next: string[] = [];
        for (const { children = [], ...info } of alarms.filter(({ arn }) => isNamed(arn, level))) {
          if (found.has(info.arn)) continue;
          found.set(info.arn, structuredClone(info));
          next.push(...children);
        }
        level = next;
      }
      return [...found.values()];
    },
  };
}

function isNamed(arn: string, namesOrArns: readonly string[]): boolean {
  const name = arn.slice(arn.indexOf(":alarm:") + ":alarm:".length);
  return namesOrArns.includes(arn) || namesOrArns.includes(name);
}
