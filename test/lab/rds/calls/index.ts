import { createDBInstanceReadReplica } from "./create-read-replica.ts";
import { deleteDBInstance } from "./delete-db-instance.ts";
import { describeDBInstances } from "./describe-db-instances.ts";
import { describeEvents } from "./describe-events.ts";
import {
  describeOrderableDBInstanceOptions,
  describeValidDBInstanceModifications,
} from "./describe-offers.ts";
import { describeParameters } from "./describe-parameters.ts";
import { failoverDBCluster, rebootDBCluster } from "./failover-db-cluster.ts";
import { copyParameterGroup, createParameterGroup } from "./make-parameter-group.ts";
import { modifyDBInstance } from "./modify-db-instance.ts";
import { modifyParameterGroup } from "./modify-parameter-group.ts";
import { promoteReadReplica } from "./promote-read-replica.ts";
import type { RdsHandler } from "./rds-call.ts";
import { rebootDBInstance } from "./reboot-db-instance.ts";

/** Calls of RDS with an effect on engines. Every other is moto's alone. */
export const rdsHandlers: Readonly<Record<string, RdsHandler>> = {
  CopyDBParameterGroup: copyParameterGroup,
  CreateDBInstanceReadReplica: createDBInstanceReadReplica,
  CreateDBParameterGroup: createParameterGroup,
  DeleteDBInstance: deleteDBInstance,
  DescribeDBInstances: describeDBInstances,
  DescribeDBClusterParameters: describeParameters,
  DescribeDBParameters: describeParameters,
  DescribeEvents: describeEvents,
  DescribeOrderableDBInstanceOptions: describeOrderableDBInstanceOptions,
  DescribeValidDBInstanceModifications: describeValidDBInstanceModifications,
  FailoverDBCluster: failoverDBCluster,
  ModifyDBClusterParameterGroup: modifyParameterGroup,
  ModifyDBInstance: modifyDBInstance,
  ModifyDBParameterGroup: modifyParameterGroup,
  PromoteReadReplica: promoteReadReplica,
  RebootDBCluster: rebootDBCluster,
  RebootDBInstance: rebootDBInstance,
};
