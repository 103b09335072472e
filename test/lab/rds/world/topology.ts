import type { Database } from "./database.ts";
import { openDatabase, registerInstance, replicationPort } from "./register.ts";
import type { World } from "./world.ts";

export const topologies = ["single", "primary-replica", "aurora", "multi-az"] as const;
export type Topology = (typeof topologies)[number];

export interface Layout {
  readonly topology: Topology;
  readonly replicas: number;
  /** What every name begins with: `orders` makes orders-1, orders-2 … */
  readonly name: string;
  /** The address of the n-th database, from 0; left out, each has a port of its own on 127.0.0.1. */
  readonly place: (index: number) => { readonly host?: string; readonly port?: number };
}

export async function buildTopology(world: World, layout: Layout): Promise<void> {
  const parameterGroup = await createParameterGroup(world, layout.name);
  const id = (index: number) => `${layout.name}-${index + 1}`;
  const node = await world.kind.primary(world.nodeName(id(0)));
  const primary = await openDatabase(world, { id: id(0), node, parameterGroup, ...layout.place(0) });
  await registerInstance(world, primary);
  for (let index = 1; index <= layout.replicas; index += 1) {
    const replica = await addReplica(world, { id: id(index), source: primary, place: layout.place(index) });
    await registerInstance(world, replica);
  }
}

export interface NewReplica {
  readonly id: string;
  readonly source: Database;
  readonly place?: ReturnType<Layout["place"]>;
}

/** A real replica with an address. The data are those of the head of the chain, and it follows its own source. */
export async function addReplica(world: World, { id, source, place = {} }: NewReplica): Promise<Database> {
  const name = world.nodeName(id);
  const node = await world.kind.replica(name, headOf(source).node, await replicationPort(source, name));
  return openDatabase(world, { id, node, source, parameterGroup: source.parameterGroup, ...place });
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
