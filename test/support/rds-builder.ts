import type {
  Changeable,
  Orderable,
  ParameterState,
  ValidStorage,
} from "../../functions/core/change-ports.ts";
import type { WorkOrder } from "../../functions/core/contract/work-order.ts";
import { aTarget } from "./incident-builder.ts";
import { anOrder } from "./order-builder.ts";

/** orders-db as RDS describes it: PostgreSQL on db.m7g.large, 100 GiB of gp3, with a standby. */
export function aChangeable(overrides: Partial<Changeable> = {}): Changeable {
  return {
    ...{ kind: "instance", id: "orders-db", resourceId: "db-ORDERS", status: "available" },
    ...{ engine: "postgres", engineVersion: "17.4", zones: ["eu-west-1a", "eu-west-1b"], multiAz: true },
    ...{ clusterId: null, pending: [], members: [] },
    storageOperation: null,
    parameterGroups: [{ name: "orders-17", status: "in-sync" }],
    ...overrides,
    has: {
      DBInstanceClass: "db.m7g.large",
      AllocatedStorage: 100,
      StorageType: "gp3",
      Iops: 3000,
      ...overrides.has,
    },
  };
}

export const changeableTarget = aTarget({
  ...{ name: "orders-db", resourceId: "db-ORDERS", instanceClass: "db.m7g.large", clusterId: null },
  ...{ flavour: "rds", engine: "postgres", accountId: "123456789012", region: "eu-west-1" },
  tags: { "rds-responder:change": "allowed" },
});

export const orderableClasses: readonly (Orderable & { readonly instanceClass: string })[] = [
  {
    ...{ instanceClass: "db.m7g.large", zones: ["eu-west-1a", "eu-west-1b"] },
    ...{ multiAzCapable: true, storageType: "gp3" },
  },
  {
    ...{ instanceClass: "db.m7g.xlarge", zones: ["eu-west-1a", "eu-west-1b"] },
    ...{ multiAzCapable: true, storageType: "gp3" },
  },
  {
    ...{ instanceClass: "db.m7g.2xlarge", zones: ["eu-west-1a"] },
    ...{ multiAzCapable: true, storageType: "gp3" },
  },
];

export const validStorage: readonly ValidStorage[] = [
  { type: "gp3", sizesGib: [{ from: 110, to: 65_536 }], iops: [], throughputMibps: [] },
  {
    type: "io2",
    sizesGib: [{ from: 100, to: 65_536 }],
    iops: [{ from: 1000, to: 256_000 }],
    throughputMibps: [],
  },
];

const settable = { isSet: true, dynamic: true, modifiable: true };

/** Of every group. */
export const knownParameters: readonly ParameterState[] = [
  { ...settable, name: "max_wal_size", value: "4096" },
  { ...settable, name: "log_min_duration_statement", value: "-1" },
  { ...settable, name: "slow_query_log", value: "0" },
  { ...settable, name: "long_query_time", value: null, isSet: false },
  { ...settable, name: "log_output", value: "TABLE" },
  { ...settable, name: "shared_buffers", value: null, isSet: false, dynamic: false },
  { ...settable, name: "fsync", value: "on", modifiable: false },
];

const shown = { of: "orders-db", pending: [], openSeconds: 5 };

/** Inputs as remedies propose them, by the id of the action. */
export const awsInputs = {
  "pause-schedule": {
    ...{ kind: "rule", name: "nightly", group: "default", roleArn: null, runs: false, mark: null },
  },
  "scale-instance-class": { ...shown, from: "db.m7g.large", to: "db.m7g.xlarge" },
  "grow-storage": { ...shown, fromGib: 100, sizeGib: 120 },
  "tune-storage": { ...shown, fromGib: 100, sizeGib: 100, type: "io2", iops: 6000 },
  "scale-serverless-capacity": { ...shown, of: "shop", fromAcu: 8, minAcu: 1, maxAcu: 16 },
  "reboot-instance": { ...shown, why: "so that the new values count" },
  "change-parameter": {
    ...{ of: "orders-17", level: "instance", usedBy: [] },
    values: [{ name: "max_wal_size", value: "8192" }],
  },
  "own-parameter-group": {
    ...{ ...shown, resourceId: "db-ORDERS", group: "orders-17", name: "responder-orders-db-17" },
    values: [{ name: "shared_buffers", value: "65536" }],
  },
  "use-parameter-group": { ...shown, resourceId: "db-ORDERS", from: "orders-17", to: "bills-17" },
  "enable-slow-query-log": { of: "orders-17", level: "instance", usedBy: [], seconds: 1 },
  "add-reader": { of: "orders-db", name: "responder-orders-db-reader", instanceClass: "db.m7g.large" },
  "remove-reader": {
    ...{ of: "orders-db", name: "responder-orders-db-reader", instanceClass: "db.m7g.large" },
    resourceId: "db-responder-orders-db-reader",
  },
  "size-proxy-pool": {
    ...{ proxy: "orders-proxy", group: "default" },
    from: { maxConnectionsPercent: 100, maxIdleConnectionsPercent: 50, borrowTimeoutSeconds: 120 },
    to: { maxConnectionsPercent: 60, maxIdleConnectionsPercent: 20, borrowTimeoutSeconds: 30 },
  },
  "restore-copy": {
    ...{ of: "orders-db", name: "responder-orders-db-0930", at: "2026-11-21T09:30:00Z" },
    ...{ instanceClass: "db.m7g.large", capacity: null },
  },
  "call-webhook": {
    ...{ does: "reset-pool", url: "https://hooks.example.com/pool", undoUrl: null },
    because: "its pool is full of idle connections",
  },
  "start-failover": { database: "orders-db", reason: "not reached" },
  "take-snapshot": { of: "orders-db", name: "orders-db-2026112109" },
} as const;

export function anAwsOrder(
  actionId: keyof typeof awsInputs,
  overrides: Partial<WorkOrder> = {},
  input: object = {},
): WorkOrder {
  return anOrder({
    ...{ actionId, actionKey: actionId, acts: "aws", target: changeableTarget, permittedBy: "approval" },
    input: JSON.parse(JSON.stringify({ ...awsInputs[actionId], ...input })),
    ...overrides,
  });
}
