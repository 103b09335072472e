import { waitUntil } from "../../engines/wait-until.ts";
import type { EngineNode } from "../engines/engine-node.ts";
import type { Cluster, Database } from "./database.ts";
import { replicationPort } from "./register.ts";
import type { World } from "./world.ts";

const patienceMs = 30_000;

/**
 * The standby of a Multi-AZ instance takes over: same address, other data directory, and a new standby. What the old
 * one had acknowledged is there, as with the synchronous storage of RDS, whatever became of its process.
 */
export async function bringStandbyIn(world: World, database: Database): Promise<void> {
  const { node: old, standby, doors, id } = database;
  if (standby === null) throw new Error(`${id} has no standby`);
  doors.bar("failover", true);
  try {
    await hand(old, standby);
    database.node = standby;
    database.standby = null;
    await doors.running(false);
    await doors.running(true);
  } finally {
    doors.bar("failover", false);
  }
  await old.remove();
  await addStandby(world, database);
}

export async function addStandby(world: World, database: Database): Promise<void> {
  const name = world.nodeName(`${database.id}-standby`);
  database.standby = await world.kind.replica(name, database.node, await replicationPort(database, name));
}

/**
 * A reader of a cluster becomes its writer. The shared storage of Aurora is imitated: all that the old writer has
 * acknowledged is brought over first, and the old writer comes back as a reader with the new one's data.
 */
export async function swapWriter(world: World, cluster: Cluster, target: Database): Promise<void> {
  const { writer, writerDoors, readerDoors } = cluster;
  const before = [writer.doors, writerDoors];
  for (const doors of before) doors.bar("failover", true);
  try {
    await hand(writer.node, target.node);
    target.source = null;
    cluster.writer = target;
    for (const doors of [writerDoors, readerDoors]) {
      await doors.running(false);
      await doors.running(true);
    }
  } finally {
    for (const doors of before) doors.bar("failover", false);
  }
  await followWriter(world, cluster, writer);
}

/** The old writer is built anew: its last words may be some that nobody else has heard. */
async function followWriter(world: World, { writer, id }: Cluster, old: Database): Promise<void> {
  const members = [...world.databases.values()].filter(({ clusterId }) => clusterId === id);
  for (const member of members) {
    if (member === writer || member === old) continue;
    member.source = writer;
    await member.node.follow(await replicationPort(writer, member.node.name));
  }
  const name = world.nodeName(old.id);
  const gone = old.node;
  old.node = await world.kind.replica(name, writer.node, await replicationPort(writer, name));
  old.source = writer;
  await old.doors.running(true);
  await gone.remove();
}

/** All that `old` has written reaches `successor`, then one ends and the other takes writes. */
async function hand(old: EngineNode, successor: EngineNode): Promise<void> {
  const position = await positionOf(old);
  await waitUntil(() => successor.reached(position), {
    what: `${successor.name} has all that ${old.name} wrote`,
    timeoutMs: patienceMs,
  });
  await old.stop("clean");
  await successor.promote();
}

/** Dead or frozen, it is started again where no client reaches it: its files hold what it acknowledged. */
async function positionOf(old: EngineNode): Promise<string> {
  try {
    return await old.position();
  } catch {
    old.signal("SIGKILL");
    await waitUntil(() => old.pid() === null, { what: `${old.name} has ended` });
    await old.start();
    return old.position();
  }
}
