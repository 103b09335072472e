import type { Evidence } from "../contract/evidence.ts";
import { staleMs } from "./latest-metric.ts";
import type { View } from "./view.ts";

/** The probes that say whether the server they ask follows its source. */
export const followingProbes: readonly string[] = [
  "postgres-replication-receiver",
  "mysql-replication",
  "mariadb-replication",
];

/**
 * Whether RDS or the server itself says that it follows another. read_only alone is no proof, and a reader of Aurora
 * shares its writer's storage.
 */
export function isKnownReplica({ evidence, server }: View): boolean {
  const { target, context, probes } = evidence;
  if (target.flavour === "aurora") return false;
  // A standby that takes writes has been promoted, whatever was read of it before.
  if (target.engine === "postgres" && server?.writable === true) return false;
  const self = context?.topology?.members.find(({ id }) => id === target.name);
  const inRecovery = target.engine === "postgres" && /standby/.test(server?.readOnlyBecause ?? "");
  const answers = probes.filter(({ id, status }) => followingProbes.includes(id) && status === "ok");
  const following = answers.some(({ rows }) => rows.length > 0);
  // A replica may be set to take writes (read_only=0): only what it says of a source tells that it has none.
  const promoted = server?.writable === true && answers.length > 0;
  return (
    (self?.replicaOf ?? null) !== null ||
    (target.flavour === "rds" && target.role === "reader" && !promoted) ||
    inRecovery ||
    following
  );
}

/** Whether CloudWatch tells how late it is, no longer ago than counts; −1 is no lag. https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html */
export function tellsLag({ collectedAt, context, metrics, target }: Evidence): boolean {
  const isLag = (id: string): boolean => id === "ReplicaLag" || id === "AuroraReplicaLag";
  const read = (context?.readings ?? [])
    .filter(({ id, subject }) => isLag(id) && subject === target.name)
    .map(({ at, latest }) => ({ at, value: latest }));
  const drawn = metrics
    .filter(({ id, dimensions }) => isLag(id) && dimensions["DBInstanceIdentifier"] === target.name)
    .flatMap(({ points }) => points.at(-1) ?? []);
  const told = [...read, ...drawn].filter(
    ({ at, value }) => at !== null && value !== null && Date.parse(collectedAt) - Date.parse(at) <= staleMs,
  );
  return told.length > 0 && told.every(({ value }) => (value ?? -1) >= 0);
}
