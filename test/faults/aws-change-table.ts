import type { anAwsOrder } from "../support/rds-builder.ts";

type ActionId = Parameters<typeof anAwsOrder>[0];

/** What befalls the call that changes something. */
export const changeFaults = ["typed error", "throttled", "hung", "reset", "lost", "dead after it"] as const;
export type ChangeFault = (typeof changeFaults)[number];

/** The call of each action, and an error of RDS's own for it. */
export const changeCalls = {
  "change-parameter": ["ModifyDBParameterGroup", "InvalidDBParameterGroupState"],
  "enable-slow-query-log": ["ModifyDBParameterGroup", "DBParameterGroupNotFound"],
  "grow-storage": ["ModifyDBInstance", "StorageQuotaExceeded"],
  "tune-storage": ["ModifyDBInstance", "ProvisionedIopsNotAvailableInAZFault"],
  "scale-instance-class": ["ModifyDBInstance", "InsufficientDBInstanceCapacity"],
  "scale-serverless-capacity": ["ModifyDBCluster", "InvalidDBClusterStateFault"],
  "add-reader": ["CreateDBInstanceReadReplica", "InstanceQuotaExceeded"],
  "remove-reader": ["DeleteDBInstance", "InvalidDBInstanceState"],
  "use-parameter-group": ["ModifyDBInstance", "InvalidDBInstanceState"],
  "own-parameter-group": ["CopyDBParameterGroup", "DBParameterGroupQuotaExceeded"],
} as const satisfies { readonly [Id in ActionId]?: readonly [operation: string, code: string] };
export type ChangeId = keyof typeof changeCalls;

const ids: readonly ChangeId[] = [
  ...(["change-parameter", "enable-slow-query-log", "grow-storage", "tune-storage"] as const),
  ...(["scale-instance-class", "scale-serverless-capacity", "add-reader", "remove-reader"] as const),
  ...(["use-parameter-group", "own-parameter-group"] as const),
];

export const changeRows: readonly (readonly [ChangeId, ChangeFault])[] = ids.flatMap((id) =>
  changeFaults.map((fault) => [id, fault] as const),
);
