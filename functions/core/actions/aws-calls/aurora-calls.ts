import {
  type CallRows,
  clusterParameter,
  clusterSnapshot,
  copyClusterGroup,
  makeClusterGroup,
  useClusterGroup,
} from "./call-row.ts";
import { instanceCalls } from "./instance-calls.ts";

const aurora = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide";

export const auroraCalls: CallRows = {
  ...instanceCalls,
  "grow-storage": {
    none: "the volume of Aurora grows by itself",
    page: `${aurora}/Aurora.Overview.StorageReliability.html`,
  },
  "tune-storage": {
    none: "the volume of Aurora has no IOPS to provision",
    page: `${aurora}/Aurora.Overview.StorageReliability.html`,
  },
  "scale-class": {
    operation: "ModifyDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: ["DBInstanceClass", "ApplyImmediately"],
    changes: "the class of this member alone, by a restart",
    page: `${aurora}/Aurora.Modifying.html`,
  },
  "set-cluster-parameter": clusterParameter(`${aurora}/USER_WorkingWithParamGroups.ModifyingCluster.html`),
  "make-cluster-group": makeClusterGroup(`${aurora}/USER_WorkingWithParamGroups.CreatingCluster.html`),
  "copy-cluster-group": copyClusterGroup(`${aurora}/USER_WorkingWithParamGroups.CopyingCluster.html`),
  "use-cluster-group": useClusterGroup(`${aurora}/USER_WorkingWithParamGroups.AssociatingCluster.html`),
  start: {
    operation: "StartDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: [],
    changes: "nothing: it starts every instance of a cluster that was stopped",
    page: `${aurora}/aurora-cluster-stop-start.html`,
  },
  restart: {
    operation: "RebootDBInstance",
    names: "DBInstanceIdentifier",
    whose: "instance",
    needs: [],
    changes: "nothing: it restarts the engine of this member",
    page: `${aurora}/USER_RebootCluster.html`,
  },
  snapshot: clusterSnapshot(`${aurora}/USER_CreateSnapshotCluster.html`),
  "restore-to-time": {
    operation: "RestoreDBClusterToPointInTime",
    names: "SourceDBClusterIdentifier",
    whose: "cluster",
    needs: ["DBClusterIdentifier", "RestoreToTime"],
    changes: "nothing here: it makes a new cluster, which has no instance yet",
    page: `${aurora}/aurora-pitr.html`,
  },
  "add-replica": {
    none: "a reader of Aurora shares the volume: an instance is added to the cluster",
    page: `${aurora}/aurora-replicas-adding.html`,
  },
  "add-instance": {
    operation: "CreateDBInstance",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["DBInstanceIdentifier", "DBInstanceClass", "Engine"],
    changes: "the cluster: an instance through which it can be read",
    page: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterToPointInTime.html",
  },
};

export const serverlessCalls: CallRows = {
  ...auroraCalls,
  "scale-class": {
    none: "a db.serverless instance has no class: its capacity is a range of the cluster",
    page: `${aurora}/aurora-serverless-v2.setting-capacity.html`,
  },
  "scale-capacity": {
    operation: "ModifyDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["ServerlessV2ScalingConfiguration", "ApplyImmediately"],
    changes: "the range of every db.serverless member",
    page: `${aurora}/aurora-serverless-v2.setting-capacity.html`,
  },
  "restore-to-time": {
    operation: "RestoreDBClusterToPointInTime",
    names: "SourceDBClusterIdentifier",
    whose: "cluster",
    // A db.serverless instance can only be added to a cluster that has a range.
    needs: ["DBClusterIdentifier", "RestoreToTime", "ServerlessV2ScalingConfiguration"],
    changes: "nothing here: it makes a new cluster, which has no instance yet",
    page: `${aurora}/aurora-serverless-v2.requirements.html`,
  },
};
