import type { RdsOperation } from "../../text/aws-call.ts";

export type CallPurpose =
  | "grow-storage"
  | "tune-storage"
  | "scale-class"
  | "scale-capacity"
  | "set-instance-parameter"
  | "set-cluster-parameter"
  | "make-instance-group"
  | "copy-instance-group"
  | "make-cluster-group"
  | "copy-cluster-group"
  | "use-instance-group"
  | "use-cluster-group"
  | "restart"
  | "start"
  | "snapshot"
  | "restore-to-time"
  | "add-instance"
  | "add-replica"
  | "apply-maintenance"
  | "change-authority";

/** Which call changes it, and on what. */
export interface CallRow {
  readonly operation: RdsOperation;
  /** The parameter that names what is changed. */
  readonly names: string;
  readonly whose: "instance" | "cluster" | "group" | "resource";
  /** Without these the call is refused, or changes nothing of what it is for. */
  readonly needs: readonly string[];
  readonly changes: string;
  readonly page: string;
}

/** There is no such call for this kind; the sentence says what there is instead. */
export interface NoCall {
  readonly none: string;
  readonly page: string;
}

export type CallRows = Readonly<Record<CallPurpose, CallRow | NoCall>>;

export function clusterParameter(page: string): CallRow {
  return {
    operation: "ModifyDBClusterParameterGroup",
    names: "DBClusterParameterGroupName",
    whose: "group",
    needs: ["Parameters"],
    changes: "the parameter for every cluster that uses the group",
    page,
  };
}

export function makeClusterGroup(page: string): CallRow {
  return {
    operation: "CreateDBClusterParameterGroup",
    names: "DBClusterParameterGroupName",
    whose: "group",
    needs: ["DBParameterGroupFamily", "Description"],
    changes: "nothing yet: a group that can be changed, a default one cannot",
    page,
  };
}

export function copyClusterGroup(page: string): CallRow {
  return {
    operation: "CopyDBClusterParameterGroup",
    names: "SourceDBClusterParameterGroupIdentifier",
    whose: "group",
    needs: ["TargetDBClusterParameterGroupIdentifier", "TargetDBClusterParameterGroupDescription"],
    changes: "nothing yet: another group with the same values",
    page,
  };
}

export function useClusterGroup(page: string): CallRow {
  return {
    operation: "ModifyDBCluster",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["DBClusterParameterGroupName", "ApplyImmediately"],
    changes: "the group of the cluster; its values count after its instances have restarted",
    page,
  };
}

export function clusterSnapshot(page: string): CallRow {
  return {
    operation: "CreateDBClusterSnapshot",
    names: "DBClusterIdentifier",
    whose: "cluster",
    needs: ["DBClusterSnapshotIdentifier"],
    changes: "nothing: it copies the volume of the cluster",
    page,
  };
}
