import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import type { Server } from "../../functions/adapters/memory/replica-set.ts";
import { describeSet } from "../../functions/adapters/memory/replica-set-topology.ts";
import type { FailoverTopology } from "../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../functions/core/errors.ts";
import type { Scope } from "../../functions/core/failover/ports.ts";
import type { GroupItem, GroupRecords } from "./failover-days-records.ts";
import { original } from "./failover-script.ts";

export interface Rds {
  readonly world: FailoverWorld;
  /** DbiResourceId by name. */
  readonly resources: ReadonlyMap<string, string>;
  readonly records: GroupRecords;
}

/**
 * A group as the adapters bring it together (functions/adapters/aws/failover/describe-streams.ts): RDS knows of sources
 * and replicas and of nobody else. Whom people promoted or renamed is a stranger to it; our own record leads back whom we
 * promoted ourselves. The names stand in settings, under the first name of all.
 */
export function describeGroup(
  database: string,
  { world, resources, records }: Rds,
  scope: Scope = "all",
): FailoverTopology {
  const { servers } = world.set;
  if (!servers.has(database)) throw new AwsError("DBInstanceNotFound", true, `${database} not found`);
  const first = familyOf([database], servers);
  const record = withNames(records.read(rootOf(database, servers)), resources);
  const { members, root } =
    record.promoted.length === 0
      ? { members: first, root: rootOf(database, servers) }
      : whole(database, first, record, { world, resources, records });
  const promoted = record.promoted.find(
    ({ node, resourceId }) =>
      members.has(node) && resources.get(node) === resourceId && isAlone(servers.get(node)),
  );
  const all = describeSet(world, scope);
  const nodes = all.nodes
    .filter(({ id }) => members.has(id))
    .map((node) => ({ ...node, resourceId: resources.get(node.id) ?? null }));
  const own = [database, record.group].includes(original);
  const { lastFailoverAt: _, lastCall: __, lastRun: ___, ...rest } = all;
  return {
    ...rest,
    kind: nodes.length > 1 ? "primary-replica" : "single-instance",
    group: record.group,
    nodes,
    primary: promoted?.node ?? root,
    names: own ? all.names : [],
    ...(own || !members.has(original) ? {} : { namesElsewhere: [original] }),
    ...lastOf(record, scope),
  };
}

function lastOf({ lastCall, lastRun }: GroupItem, scope: Scope) {
  const at = lastCall === null ? null : new Date(lastCall.at).toISOString();
  return {
    ...(scope === "roles" ? { lastFailoverAt: null } : at === null ? {} : { lastFailoverAt: at }),
    ...(lastCall === null || at === null ? {} : { lastCall: { at, by: lastCall.by } }),
    ...(lastRun === null ? {} : { lastRun }),
  };
}

/** By the names of now: people rename whom was promoted. */
function withNames(record: GroupItem, resources: ReadonlyMap<string, string>): GroupItem {
  const nameOf = (id: string) => [...resources].find(([, resource]) => resource === id)?.[0];
  const promoted = record.promoted.map((of) => ({ ...of, node: nameOf(of.resourceId) ?? of.node }));
  return { ...record, promoted };
}

function whole(
  database: string,
  first: ReadonlySet<string>,
  { group, promoted }: GroupItem,
  { world, resources }: Rds,
) {
  const { servers } = world.set;
  const isNamesake = (id: string) =>
    promoted.some(({ node }) => node === id) &&
    !promoted.some(({ node, resourceId }) => node === id && resources.get(id) === resourceId);
  const top = rootOf(database, servers);
  const names = [group, ...promoted.map(({ node }) => node)].filter(
    (id) => servers.has(id) && !isNamesake(id),
  );
  if (names.length === 0) return { members: first, root: top };
  const all = familyOf([...first, ...names], servers);
  const isFollowed = names.some((id) => first.has(id));
  const members = new Set([...all].filter((id) => id !== top || isFollowed || !isNamesake(id)));
  return { members, root: members.has(group) && isAlone(servers.get(group)) ? group : top };
}

type Servers = ReadonlyMap<string, Server>;

/** Everybody who replicates from or to one of them. */
function familyOf(names: readonly string[], servers: Servers): ReadonlySet<string> {
  const found = new Set(names.filter((id) => servers.has(id)));
  for (const id of found) {
    const source = servers.get(id)?.replicaOf ?? null;
    if (source !== null && servers.has(source)) found.add(source);
    for (const other of servers.values()) if (other.replicaOf === id) found.add(other.id);
  }
  return found;
}

function rootOf(database: string, servers: Servers): string {
  let root = database;
  for (let level = 0; level < 6; level += 1) {
    const source = servers.get(root)?.replicaOf ?? null;
    if (source === null || !servers.has(source)) break;
    root = source;
  }
  return root;
}

function isAlone(server: Server | undefined): boolean {
  return server !== undefined && server.replicaOf === null;
}
