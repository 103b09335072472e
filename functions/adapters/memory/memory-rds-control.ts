import type { DatabaseRef } from "../../core/contract/signal.ts";
import { type Target, targetSchema } from "../../core/contract/target.ts";
import type { RdsControl } from "../../core/ports.ts";

/**
 * RDS that knows exactly these targets. `instanceResourceIds` names the DbiResourceId of Aurora instances, whose
 * target carries the cluster's instead: DbiResourceId → instance identifier.
 */
export function createMemoryRdsControl({
  targets,
  instanceResourceIds = {},
  foreign = {},
}: {
  readonly targets: readonly Target[];
  readonly instanceResourceIds?: Readonly<Record<string, string>>;
  /** Databases that are not ours: identifier → engine as RDS names it. */
  readonly foreign?: Readonly<Record<string, string>>;
}): RdsControl {
  // Read at each call: the lab fails a writer over by changing its list.
  return {
    find: async (ref) => {
      const candidates = targets.filter((target) => matches(target, ref, instanceResourceIds));
      const chosen = candidates.find(({ role }) => role === "writer") ?? candidates[0];
      return chosen ? structuredClone(targetSchema.parse(chosen)) : null;
    },
    foreignEngine: async ({ id }) => foreign[id] ?? null,
  };
}

function matches(target: Target, ref: DatabaseRef, ids: Readonly<Record<string, string>>): boolean {
  switch (ref.kind) {
    case "instance":
      return target.name === ref.id.toLowerCase();
    case "cluster":
      return target.clusterId === ref.id.toLowerCase();
    case "resource-id":
      return target.resourceId === ref.id || target.name === ids[ref.id];
    default:
      return ref.kind satisfies never;
  }
}
