import type { Evidence, JudgedBy } from "../contract/evidence.ts";
import type { Settings } from "../settings.ts";

/** The part of the settings that evidence carries, so that it is judged the same for ever. */
export function judgedBy({ thresholds, policy }: Pick<Settings, "thresholds" | "policy">): JudgedBy {
  const { protectedUsers, protectedApplications, protectedQueries, optOutComment, maxRollbackRows } = policy;
  return {
    thresholds,
    policy: { protectedUsers, protectedApplications, protectedQueries, optOutComment, maxRollbackRows },
  };
}

/** The settings that the evidence was judged with, over `otherwise`; older evidence names none. */
export function settingsOf(evidence: Evidence, otherwise: Settings): Settings {
  const { judgedBy: known } = evidence;
  if (known === undefined) return otherwise;
  return {
    ...otherwise,
    thresholds: known.thresholds,
    policy: { ...otherwise.policy, ...known.policy },
  };
}
