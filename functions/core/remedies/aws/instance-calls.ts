import type { CallRows } from "./call-row.ts";

const rds = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** An instance by itself: with or without a standby, or a replica. */
export const instanceCalls: CallRows = {
  "grow-storage": {
    operation: "ModifyDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: ["AllocatedStorage", "ApplyImmediately"],
    changes: "the volume of this instance, and of its standby",
    page: `${rds}/USER_PIOPS.ModifyingExisting.html`,
  },
  "tune-storage": {
    operation: "ModifyDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: ["AllocatedStorage", "ApplyImmediately"],
    changes: "type, IOPS or throughput of the volume of this instance",
    page: `${rds}/USER_PIOPS.gp3.html`,
  },
  "scale-class": {
    operation: "ModifyDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: ["DBInstanceClass", "ApplyImmediately"],
    changes: "the class of this instance, by a restart or a failover",
    page: `${rds}/Overview.DBInstance.Modifying.html`,
  },
  "scale-capacity": {
    none: "it has a class, no capacity range",
    page: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html",
  },
  "set-instance-parameter": {
    operation: "ModifyDBParameterGroup",
    names: "DBParameterGroupName",
    whose: "group",
    needs: ["Parameters"],
    changes: "the parameter for every instance that uses the group",
    page: `${rds}/USER_WorkingWithParamGroups.Modifying.html`,
  },
  // An instance has one group for everything.
  "set-cluster-parameter": {
    operation: "ModifyDBParameterGroup",
    names: "DBParameterGroupName",
    whose: "group",
    needs: ["Parameters"],
    changes: "the parameter for every instance that uses the group",
    page: `${rds}/USER_WorkingWithParamGroups.Modifying.html`,
  },
  "make-instance-group": {
    operation: "CreateDBParameterGroup",
    names: "DBParameterGroupName",
    whose: "group",
    needs: ["DBParameterGroupFamily", "Description"],
    changes: "nothing yet: a group that can be changed, a default one cannot",
    page: `${rds}/USER_WorkingWithParamGroups.Creating.html`,
  },
  "make-cluster-group": { none: "it is in no cluster", page: `${rds}/parameter-groups-overview.html` },
  "use-instance-group": {
    operation: "ModifyDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: ["DBParameterGroupName", "ApplyImmediately"],
    changes: "the group of this instance; its values count after a restart",
    page: `${rds}/USER_WorkingWithParamGroups.Associating.html`,
  },
  "use-cluster-group": { none: "it is in no cluster", page: `${rds}/parameter-groups-overview.html` },
  restart: {
    operation: "RebootDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: [],
    changes: "nothing: it restarts the engine of this instance",
    page: `${rds}/USER_RebootInstance.html`,
  },
  snapshot: {
    operation: "CreateDBSnapshot",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: ["DBSnapshotIdentifier"],
    changes: "nothing: it copies the volume of this instance",
    page: `${rds}/USER_CreateSnapshot.html`,
  },
  "restore-to-time": {
    operation: "RestoreDBInstanceToPointInTime",
    names: "SourceDBInstanceIdentifier",
    whose: "instance",
    needs: ["TargetDBInstanceIdentifier", "RestoreTime"],
    changes: "nothing here: it makes a new instance",
    page: `${rds}/USER_PIT.html`,
  },
  "apply-maintenance": {
    operation: "ApplyPendingMaintenanceAction",
    names: "ResourceIdentifier",
    whose: "resource",
    needs: ["ApplyAction", "OptInType"],
    changes: "the instance or cluster that the ARN names, by what the action is",
    page: `${rds}/USER_UpgradeDBInstance.Maintenance.html`,
  },
  "add-instance": { none: "it is in no cluster", page: `${rds}/USER_PIT.html` },
};
