import type { EngineNode } from "../engines/engine-node.ts";
import { openCluster, registerCluster } from "./cluster.ts";
import type { Database } from "./database.ts";
import { addStandby } from "./handover.ts";
import { openDatabase, registerInstance, replicationPort } from "./register.ts";
import { createSecurityGroup } from "./security-groups.ts";
import type { World } from "./world.ts";

export const topologies = ["single", "primary-replica", "aurora", "multi-az"] as const;
export type Topology = (typeof topologies)[number];

export interface Layout {
  readonly topology: Topology;
  readonly replicas: number;
  /** What every name begins with: `orders` makes orders-1, orders-2 … */
  readonly name: string;
}

/** The engines with their addresses, and moto's records of them. */
export async function buildTopology(world: World, layout: Layout): Promise<void> {
  const { topology, name, replicas } = layout;
  const parameterGroup = await createParameterGroup(world, name);
  const group = { "VpcSecurityGroupIds.VpcSecurityGroupId.1": await createSecurityGroup(world, name) };
  const id = (index: number) => `${name}-${index + 1}`;
  const inCluster = topology === "aurora" ? { clusterId: name } : {};
  const node = await world.kind.primary(world.nodeName(id(0)));
  const primary = await openDatabase(world, {
    id: id(0),
    node,
    parameterGroup,
    ...inCluster,
    ...world.place(),
  });
  if (topology === "aurora") await registerCluster(world, await openCluster(world, name, primary), group);
  if (topology === "multi-az") await addStandby(world, primary);
  const own = topology === "aurora" ? {} : group;
  await registerInstance(world, primary, { ...own, MultiAZ: String(topology === "multi-az") });
  for (let index = 1; index <= replicas; index += 1) {
    const replica = await makeReplica(world, id(index), primary);
    const made = {
      id: id(index),
      node: replica,
      source: primary,
      parameterGroup,
      ...inCluster,
      ...world.place(),
    };
    await registerInstance(world, await openDatabase(world, made), own);
  }
}

/** A real replica: the data are those of the head of the chain, and it follows its own source. */
export async function makeReplica(
  { kind, nodeName }: World,
  id: string,
  source: Database,
): Promise<EngineNode> {
  const name = nodeName(id);
  return kind.replica(name, headOf(source).node, await replicationPort(source, name));
}

function headOf(database: Database): Database {
  return database.source === null ? database : headOf(database.source);
}

async function createParameterGroup({ kind, moto, groups }: World, name: string): Promise<string> {
  const group = `${name}-parameters`;
  const family = `${kind.engine}${/^\d+/.exec(kind.version)?.[0] ?? ""}`;
  await moto.must("rds", "CreateDBParameterGroup", {
    ...{ DBParameterGroupName: group, DBParameterGroupFamily: family, Description: "of the lab" },
  });
  groups.set(group, new Map());
  return group;
}
