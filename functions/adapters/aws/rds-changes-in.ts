import type { RdsChanges } from "../../core/change-ports.ts";
import { type ClientSettings, createRdsChangeClient, createRdsClient } from "./clients.ts";
import { createCloudTrailCalls } from "./cloudtrail-calls.ts";
import { createCloudTrailClient } from "./context-clients.ts";
import { createRdsChanges } from "./rds-changes.ts";

/** All that changes databases of one Region, and looks what became of it. */
export function rdsChangesIn(settings: ClientSettings): RdsChanges {
  return createRdsChanges({
    reads: createRdsClient(settings),
    writes: createRdsChangeClient(settings),
    callsOn: createCloudTrailCalls(createCloudTrailClient(settings)),
  });
}
