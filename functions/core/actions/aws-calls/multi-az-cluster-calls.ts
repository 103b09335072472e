import {
  type CallRows,
  clusterParameter,
  clusterSnapshot,
  copyClusterGroup,
  makeClusterGroup,
  useClusterGroup,
} from "./call-row.ts";
import { instanceCalls } from "./instance-calls.ts";

const rds = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide";

/** "You can't modify the DB instances within a Multi-AZ DB cluster"; only a restart is of the instance. */
export const multiAzClusterCalls: CallRows = {
  ...instanceCalls,
  "grow-storage": {
    operation: "ModifyDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["AllocatedStorage", "ApplyImmediately"],
    changes: "the volumes of all three instances",
    page: `${rds}/modify-multi-az-db-cluster.html`,
  },
  "tune-storage": {
    operation: "ModifyDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["AllocatedStorage", "ApplyImmediately"],
    changes: "type or IOPS of the volumes of all three instances; the throughput follows the IOPS",
    page: `${rds}/modify-multi-az-db-cluster.html`,
  },
  "scale-class": {
    operation: "ModifyDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["DBClusterInstanceClass", "ApplyImmediately"],
    changes: "the class of all three instances",
    page: `${rds}/modify-multi-az-db-cluster.html`,
  },
  "change-authority": {
    operation: "ModifyDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["CACertificateIdentifier"],
    changes: "the certificates of all three instances and who signs them",
    page: `${rds}/UsingWithRDS.SSL-certificate-rotation.html`,
  },
  // The instances' own group is the default one; the cluster's is used for all of them.
  "set-instance-parameter": clusterParameter(`${rds}/USER_WorkingWithDBClusterParamGroups.html`),
  "set-cluster-parameter": clusterParameter(`${rds}/USER_WorkingWithDBClusterParamGroups.html`),
  "make-instance-group": makeClusterGroup(`${rds}/USER_WorkingWithDBClusterParamGroups.html`),
  "copy-instance-group": {
    none: "its group is the cluster's",
    page: `${rds}/USER_WorkingWithDBClusterParamGroups.html`,
  },
  "make-cluster-group": makeClusterGroup(`${rds}/USER_WorkingWithDBClusterParamGroups.html`),
  "copy-cluster-group": copyClusterGroup(`${rds}/USER_WorkingWithDBClusterParamGroups.html`),
  "use-instance-group": useClusterGroup(`${rds}/modify-multi-az-db-cluster.html`),
  "use-cluster-group": useClusterGroup(`${rds}/modify-multi-az-db-cluster.html`),
  start: {
    none: "a Multi-AZ DB cluster can be neither stopped nor started",
    page: `${rds}/multi-az-db-clusters-concepts.Limitations.html`,
  },
  restart: {
    operation: "RebootDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: [],
    changes: "nothing: it restarts the engines of the cluster, without a failover",
    page: `${rds}/multi-az-db-clusters-concepts-rebooting.html`,
  },
  snapshot: clusterSnapshot(`${rds}/USER_CreateMultiAZDBClusterSnapshot.html`),
  "add-replica": {
    none: "a Multi-AZ DB cluster has its two readers, and no call adds one",
    page: `${rds}/multi-az-db-clusters-concepts.html`,
  },
  "restore-to-time": {
    operation: "RestoreDBClusterToPointInTime",
    names: "SourceDBClusterIdentifier",
    whose: "cluster",
    // Without a class RDS takes it for Aurora, which no Multi-AZ DB cluster can become.
    needs: ["DBClusterIdentifier", "RestoreToTime", "DBClusterInstanceClass"],
    changes: "nothing here: it makes a new cluster with its three instances",
    page: `${rds}/USER_PIT.MultiAZDBCluster.html`,
  },
};
