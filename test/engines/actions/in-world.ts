import { createSystemClock } from "../../../functions/adapters/aws/system-clock.ts";
import type { DatabaseWorld } from "../../../functions/core/actions/define.ts";
import type { LabServer } from "../../lab/engines/lab-server.ts";
import { type Actor, databasesAs, limits, orderFor, targetOf } from "./support.ts";

/** A guard by itself, as an action asks it on its own connection. */
export async function inWorld(
  server: LabServer,
  ask: (world: DatabaseWorld) => Promise<void>,
  as: Actor = "actor",
): Promise<void> {
  const target = targetOf(server);
  const connected = await databasesAs(as).connect(target, { ...limits, purpose: "act" });
  if (connected.kind !== "connected") throw new Error(JSON.stringify(connected.connection));
  const { session } = connected;
  const { guards } = orderFor(server, "analyze-table", {});
  const signal = AbortSignal.timeout(30_000);
  try {
    await ask({
      session,
      target,
      guards,
      clock: createSystemClock(),
      signal,
      orderedAt: Date.now(),
      repeated: false,
      note: () => undefined,
      aside: async () => null,
    });
  } finally {
    await session.close();
  }
}
