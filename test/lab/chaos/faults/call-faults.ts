import type { FaultRequest } from "../../rds/api/faults.ts";
import { freezePrimaryUntil, kill } from "../deeds.ts";
import type { Fault, Faults } from "./fault.ts";

/** Every call of AWS that a failover makes, and which of them after the fault meets it. */
const calls = {
  describe: { operation: "DescribeDBInstances", nth: 6, times: 3 },
  metrics: { operation: "GetMetricData", nth: 2, times: 2 },
  lock: { operation: "UpdateItem", service: "dynamodb", nth: 2 },
  store: { operation: "PutItem", service: "dynamodb", nth: 6, times: 2 },
  "store-read": { operation: "GetItem", service: "dynamodb", nth: 8, times: 2 },
  wall: { operation: "ModifyDBInstance" },
  restart: { operation: "RebootDBInstance" },
  promote: { operation: "PromoteReadReplica" },
  // Its protocol names no operation in the request.
  point: { operation: "POST", service: "route53" },
  rebuild: { operation: "CreateDBInstanceReadReplica" },
  tag: { operation: "AddTagsToResource", service: "rds" },
} as const;

const ways = {
  refused: { fault: "refused", code: "InternalFailure" },
  throttled: { fault: "throttled", times: 3 },
  hung: { fault: "hung" },
  late: { fault: "late", delayMs: 4000 },
  "answer-lost": { fault: "answer-lost" },
} as const;

export const callFaults: Faults = {
  ...Object.fromEntries(
    Object.entries(calls).flatMap(([call, of]) =>
      Object.entries(ways).map(
        ([way, how]) => [`${call}-${way}`, withCall({ ...of, ...how }, call)] as const,
      ),
    ),
  ),
  /** Long enough that the run gives up, and somebody takes it up again. */
  "point-refused-long": withCall({ ...calls.point, fault: "refused", times: 8 }),
  "promote-refused-long": withCall({ ...calls.promote, fault: "refused", times: 3 }),
  "promote-throttled-long": withCall({ ...calls.promote, fault: "throttled", times: 12 }),
  "describe-throttled-long": withCall({
    operation: "DescribeDBInstances",
    fault: "throttled",
    nth: 20,
    times: 15,
  }),
};

/** Only who does not answer is restarted. */
function withCall(call: FaultRequest, name?: string): Fault {
  return {
    strike: (scene) => {
      scene.inject(call);
      if (name === "restart" || scene.random.chance(0.2)) freezePrimaryUntil(scene, call.operation);
      else kill(scene);
    },
  };
}
