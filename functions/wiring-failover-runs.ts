import { createDynamoRunStore } from "./adapters/aws/failover/dynamo-run-store.ts";
import type { RunStore } from "./core/failover/ports.ts";
import * as wiring from "./wiring.ts";

/** Apart from the other ports of a failover: all that a click needs. */
export function failoverRuns(): RunStore {
  return createDynamoRunStore({ ...wiring.incidentTable(), clock: wiring.basics().clock });
}
