import type { DBInstance } from "@aws-sdk/client-rds";
import type { FailoverTopology } from "../../../core/contract/failover-topology.ts";
import type { Scope } from "../../../core/failover/ports.ts";
import { identifierOf } from "../rds-names.ts";
import { type Family, familyOf, groupOf } from "./failover-family.ts";
import { nodeOfInstance } from "./failover-nodes.ts";
import { arnsOf, lastOf, type Part } from "./failover-part.ts";
import { type ControlPlaneOptions, type GroupRecord, localName, type Promoted } from "./failover-reach.ts";
import type { Readings } from "./readings.ts";

/**
 * Instances that replicate by a stream, or one alone. RDS knows nothing any more of a replica that was promoted: our
 * own record brings the two together, and while it stands the newest that was promoted is the primary.
 */
export async function describeStreamsOf(
  instance: DBInstance,
  options: ControlPlaneOptions,
  readings: Readings,
  scope: Scope,
): Promise<Part> {
  const { family, record } = await wholeFamily(instance, options, readings);
  const nameOf = (of: DBInstance) => localName(of.DBInstanceArn ?? "", options.region);
  const seen = await Promise.all(
    family.members.map(async (member) => {
      const name = nameOf(member);
      const [events, metrics] =
        scope === "roles" ? [null, null] : await Promise.all([readings.events(name), readings.metrics(name)]);
      return { events, node: nodeOfInstance(member, null, options.region, { events, metrics }) };
    }),
  );
  const nodes = seen.map(({ node }) => node);
  const promoted = record.promoted.find((of) =>
    nodes.some(({ id, replicaOf, resourceId }) => isIt(of, id, resourceId) && replicaOf === null),
  );
  const primary = promoted?.node ?? nameOf(family.root);
  const events = seen.map((each) => each.events);
  const own = seen.find(({ node }) => node.id === primary)?.events ?? null;
  return {
    ...{ kind: kindOf(nodes, primary), group: record.group, engine: instance.Engine, primary, nodes },
    ...{ clusterId: null, clusterStatus: null, globalId: null, failingOver: own?.failingOver ?? null },
    ...{ arns: arnsOf(nodes), failedOverAt: lastOf(events), record },
  };
}

async function wholeFamily(
  instance: DBInstance,
  options: ControlPlaneOptions,
  readings: Readings,
): Promise<{ readonly family: Family; readonly record: GroupRecord }> {
  const family = await familyOf(instance, [], options, readings);
  const group = groupOf(family.root);
  const record = await withNames(await readings.record(group), options, readings);
  if (record.promoted.length === 0) return { family, record };
  const head = identifierOf(record.group.split("/").at(-1) ?? "");
  const names = await known([head, ...record.promoted.map(({ node }) => node)], record, readings);
  if (names.length === 0) return { family, record };
  const all = await familyOf(family.root, names, options, readings);
  const nameOf = ({ DBInstanceArn: arn = "" }: DBInstance) => localName(arn, options.region);
  // Made anew under the name of one that was promoted it is of the group by a stream alone: of one who is, and follows it.
  const top = nameOf(family.root);
  const isFollowed = family.members.some((each) => names.includes(nameOf(each)));
  const members =
    isFollowed || !isNamesake(top, family.root, record)
      ? all.members
      : all.members.filter((each) => nameOf(each) !== top);
  // Of those that are strangers by now the one whom the group is called after stands for the rest, unless it follows one.
  const stands = members.find((each) => each.DBInstanceIdentifier === head && !isReplica(each));
  const root = stands ?? family.root;
  return { family: { root, members }, record };
}

function isReplica({ ReadReplicaSourceDBInstanceIdentifier: source }: DBInstance): boolean {
  return source !== undefined && source !== "";
}

/** Those names that are still of whom they were of. */
async function known(names: readonly string[], record: GroupRecord, readings: Readings) {
  const asked = await Promise.all(names.map(async (name) => ({ name, is: await readings.instance(name) })));
  return asked.flatMap(({ name, is }) => (is === null || isNamesake(name, is, record) ? [] : [name]));
}

/** By the names of now: people rename whom was promoted, and it is the primary as before. */
async function withNames(
  record: GroupRecord,
  { region }: ControlPlaneOptions,
  readings: Readings,
): Promise<GroupRecord> {
  const promoted = await Promise.all(
    record.promoted.map(async (of) => {
      const named = await readings.instance(of.node);
      if (isIt(of, of.node, named?.DbiResourceId)) return of;
      const { DBInstanceArn: arn } = (await readings.resource(of)) ?? {};
      return arn === undefined ? of : { ...of, node: localName(arn, region) };
    }),
  );
  return { ...record, promoted };
}

/** It has the name of one that was promoted, and is another one. */
function isNamesake(name: string, { DbiResourceId: id }: DBInstance, { promoted }: GroupRecord): boolean {
  return promoted.some(({ node }) => node === name) && !promoted.some((of) => isIt(of, name, id));
}

/** By name and resource: the name may be given again. Of an entry without a resource it is the name alone. */
function isIt(of: Promoted, name: string, resourceId: string | null | undefined): boolean {
  return of.node === name && (of.resourceId === "" || of.resourceId === resourceId);
}

/** A standby that has everything goes before a replica that has it later. */
function kindOf(nodes: FailoverTopology["nodes"], primary: string): FailoverTopology["kind"] {
  const own = nodes.find(({ id }) => id === primary);
  if (own?.multiAz === true) return "multi-az-instance";
  return nodes.length > 1 ? "primary-replica" : "single-instance";
}
