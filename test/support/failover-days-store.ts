import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { AwsError, ConflictError } from "../../functions/core/errors.ts";
import type { RunStore } from "../../functions/core/failover/ports.ts";
import type { Seeded } from "./seeded.ts";

const lateMs = 20_000;

export interface StoreOptions {
  readonly world: FailoverWorld;
  /** Of its own: who draws from it changes nothing else that happens. */
  readonly random: Seeded;
  /** How likely a call fails; asked at each. */
  fails(): number;
}

/** The table of the runs, which is throttled, loses an answer, or comes late now and then, as DynamoDB does. */
export function createStore(runs: RunStore, { world, random, fails }: StoreOptions): RunStore {
  const throttled = () => new AwsError("ProvisionedThroughputExceededException", true, "too many");
  const lost = () => new AwsError("TimeoutError", false, "no answer came");
  const late = () =>
    new Promise<void>((resolve) => world.at(world.now() + random.int(lateMs), () => resolve()));
  const reading = async <T>(read: () => Promise<T>): Promise<T> => {
    if (!random.chance(fails())) return read();
    const how = random.pick(["throttled", "lost", "late"]);
    if (how !== "late") throw how === "lost" ? lost() : throttled();
    await late();
    return read();
  };
  return {
    get: (id) => reading(() => runs.get(id)),
    open: () => reading(() => runs.open()),
    standing: () => reading(() => runs.standing()),
    save: async (run) => {
      if (!random.chance(fails())) return runs.save(run);
      const how = random.pick(["throttled", "lost before", "lost behind", "twice", "late"]);
      if (how === "throttled" || how === "lost before") throw how === "throttled" ? throttled() : lost();
      if (how === "late") await late();
      const saved = await runs.save(run);
      // The client tried again what had taken place: its condition does not hold any more.
      if (how === "twice") throw new ConflictError(`run ${run.id} is no longer at revision ${run.revision}`);
      if (how === "lost behind") throw lost();
      return saved;
    },
  };
}
