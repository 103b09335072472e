import { createRandomIds } from "../../../functions/adapters/aws/random-ids.ts";
import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../../functions/adapters/memory/collecting-log.ts";
import { sweepRuns } from "../../../functions/core/failover/sweep-runs.ts";
import { openSession } from "../rds/session.ts";
import type { Stage } from "./stage.ts";

/** An old primary that was dead, frozen or cut off is back, and the sweeper looks once. */
export async function bringOldPrimaryBack({ primary, ports, inject }: Stage): Promise<void> {
  const { node, doors } = primary();
  inject();
  node.signal("SIGCONT");
  await node.start();
  for (const door of ["endpoint", "responder"]) doors.heal(door);
  await sweepRuns({
    ...{ ports, clock: createSystemClock(), log: createCollectingLog(), ids: createRandomIds() },
    killSwitch: { read: async () => ({ engaged: false, says: "" }) },
    // Whoever carries the runs of this scene is at work: none is silent for so long.
    workflow: { start: async () => "started" },
  });
}

/** Does it take a row of a client who has its own address and not the name? */
export async function takesWrites({ engine, primary }: Stage): Promise<boolean> {
  const { host, port } = primary().endpoint;
  try {
    const session = await openSession(engine, { host, port }, "shop");
    try {
      await session.run("insert into chaos_ledger (client, number) values (99, 1)");
      return true;
    } finally {
      session.drop();
    }
  } catch {
    return false;
  }
}
