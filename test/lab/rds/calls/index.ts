import { promoteReadReplica } from "./promote-read-replica.ts";
import type { RdsHandler } from "./rds-call.ts";

/** Calls of RDS with an effect on engines. Every other is moto's alone. */
export const rdsHandlers: Readonly<Record<string, RdsHandler>> = {
  PromoteReadReplica: promoteReadReplica,
};
