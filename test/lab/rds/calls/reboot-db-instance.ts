import { errorAnswer } from "../api/aws-call.ts";
import { bringStandbyIn } from "../world/handover.ts";
import { restart } from "../world/parameters.ts";
import { answerWithInstance, busy, named, parameter, type RdsHandler } from "./rds-call.ts";

export const rebootDBInstance: RdsHandler = async (rds) => {
  const { world, call, neverFinishes } = rds;
  const database = named(rds);
  if (database === null) return answerWithInstance(rds, parameter(rds, "DBInstanceIdentifier") ?? "");
  const refusal = busy(rds, database, "storage-optimization", "failed");
  if (refusal !== null) return refusal;
  const failover = parameter(rds, "ForceFailover") === "true";
  if (failover && database.standby === null) {
    return errorAnswer(
      call,
      400,
      "InvalidParameterCombination",
      `${database.id} is not a Multi-AZ DB instance`,
    );
  }
  world.begin({
    operation: call.operation,
    databases: [database],
    status: "rebooting",
    takesMs: world.delays.rebootMs,
    neverFinishes,
    told: failover
      ? {
          category: "failover",
          begun: "Multi-AZ instance failover started.",
          done: "Multi-AZ instance failover completed",
        }
      : { category: "availability", begun: "DB instance shutdown", done: "DB instance restarted" },
    work: () => (failover ? bringStandbyIn(world, database) : restart(world, database)),
  });
  return answerWithInstance(rds, database.id);
};
