import {
  CopyDBClusterParameterGroupCommand,
  CopyDBParameterGroupCommand,
  CreateDBClusterParameterGroupCommand,
  CreateDBClusterSnapshotCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  CreateDBParameterGroupCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  ModifyDBClusterCommand,
  ModifyDBClusterParameterGroupCommand,
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  ModifyDBProxyTargetGroupCommand,
  type RDSClient,
  RebootDBClusterCommand,
  RebootDBInstanceCommand,
  RestoreDBClusterToPointInTimeCommand,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import type { AwsCall, CallInput } from "../../core/text/aws-call.ts";
import { during } from "./attempt.ts";

/** Named one by one, so that a bundle holds these and no others; a call of the table that nobody sends is a fault of ours. */
export async function sendRdsCall(
  client: RDSClient,
  { operation, input }: AwsCall,
  signal: AbortSignal | undefined,
): Promise<void> {
  const options = during(signal);
  const named = { DBInstanceIdentifier: undefined, DBClusterIdentifier: undefined, ...input };
  const inGroup = {
    ...{ DBParameterGroupName: undefined, DBClusterParameterGroupName: undefined, Parameters: undefined },
  };
  switch (operation) {
    case "ModifyDBInstance":
      await client.send(new ModifyDBInstanceCommand(named), options);
      return;
    case "ModifyDBCluster":
      await client.send(new ModifyDBClusterCommand(named), options);
      return;
    case "ModifyDBParameterGroup":
      await client.send(new ModifyDBParameterGroupCommand({ ...inGroup, ...input }), options);
      return;
    case "ModifyDBClusterParameterGroup":
      await client.send(new ModifyDBClusterParameterGroupCommand({ ...inGroup, ...input }), options);
      return;
    case "CreateDBParameterGroup":
      await client.send(
        new CreateDBParameterGroupCommand({
          ...{ DBParameterGroupName: undefined, DBParameterGroupFamily: undefined, Description: undefined },
          ...input,
        }),
        options,
      );
      return;
    case "CopyDBParameterGroup":
      await client.send(
        new CopyDBParameterGroupCommand({
          ...{ SourceDBParameterGroupIdentifier: undefined, TargetDBParameterGroupIdentifier: undefined },
          ...{ TargetDBParameterGroupDescription: undefined, ...input },
        }),
        options,
      );
      return;
    case "CreateDBClusterParameterGroup":
      await client.send(
        new CreateDBClusterParameterGroupCommand({
          ...{ DBClusterParameterGroupName: undefined, DBParameterGroupFamily: undefined },
          ...{ Description: undefined, ...input },
        }),
        options,
      );
      return;
    case "CopyDBClusterParameterGroup":
      await client.send(
        new CopyDBClusterParameterGroupCommand({
          ...{ SourceDBClusterParameterGroupIdentifier: undefined },
          ...{ TargetDBClusterParameterGroupIdentifier: undefined },
          ...{ TargetDBClusterParameterGroupDescription: undefined, ...input },
        }),
        options,
      );
      return;
    case "RebootDBInstance":
      await client.send(new RebootDBInstanceCommand(named), options);
      return;
    case "RebootDBCluster":
      await client.send(new RebootDBClusterCommand(named), options);
      return;
    case "CreateDBSnapshot":
      await client.send(new CreateDBSnapshotCommand({ DBSnapshotIdentifier: undefined, ...named }), options);
      return;
    case "CreateDBClusterSnapshot":
      await client.send(
        new CreateDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: undefined, ...named }),
        options,
      );
      return;
    case "CreateDBInstance":
      await client.send(
        new CreateDBInstanceCommand({ DBInstanceClass: undefined, Engine: undefined, ...named }),
        options,
      );
      return;
    case "CreateDBInstanceReadReplica":
      await client.send(new CreateDBInstanceReadReplicaCommand(named), options);
      return;
    case "DeleteDBInstance":
      await client.send(new DeleteDBInstanceCommand(named), options);
      return;
    case "RestoreDBInstanceToPointInTime":
      await client.send(
        new RestoreDBInstanceToPointInTimeCommand({ TargetDBInstanceIdentifier: undefined, ...timed(input) }),
        options,
      );
      return;
    case "RestoreDBClusterToPointInTime":
      await client.send(
        new RestoreDBClusterToPointInTimeCommand({ DBClusterIdentifier: undefined, ...timed(input) }),
        options,
      );
      return;
    case "ModifyDBProxyTargetGroup":
      await client.send(
        new ModifyDBProxyTargetGroupCommand({ TargetGroupName: undefined, DBProxyName: undefined, ...input }),
        options,
      );
      return;
    default:
      throw new Error(`${operation} is sent by no action`);
  }
}

/** Times are texts in what is shown, and dates in what the SDK sends. */
function timed({ RestoreTime, RestoreToTime, ...input }: CallInput) {
  return {
    ...input,
    ...(typeof RestoreTime === "string" ? { RestoreTime: new Date(RestoreTime) } : {}),
    ...(typeof RestoreToTime === "string" ? { RestoreToTime: new Date(RestoreToTime) } : {}),
  };
}
