import type { Schedules } from "../../functions/core/schedule-ports.ts";

/** With the credentials of whoever asks, who may pause what they may pause. */
export async function schedulesByHand(region: string): Promise<Schedules> {
  const { createEventBridgeSchedules } = await import(
    "../../functions/adapters/aws/eventbridge-schedules.ts"
  );
  const { createSystemClock } = await import("../../functions/adapters/aws/system-clock.ts");
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  return createEventBridgeSchedules({ region, endpoint, now: createSystemClock().now });
}
