import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { quarantine, type Server } from "../../functions/adapters/memory/replica-set.ts";
import type { GroupRecords } from "./failover-days-records.ts";
import type { Happening, What } from "./failover-days-script.ts";
import { original } from "./failover-script.ts";
import type { Seeded } from "./seeded.ts";

/** What people did by hand, by their own ledger. */
export interface ByPeople {
  /** Since when they serve from a node of their own will. */
  readonly opened: Map<string, number>;
  readonly promoted: Set<string>;
  readonly walled: Set<string>;
  /** When somebody overrode a veto, by the run for which he did. */
  readonly forced: Map<string, number>;
  namedAt: number | null;
  deleted: boolean;
}

export interface Hands {
  readonly world: FailoverWorld;
  /** DbiResourceId by name. */
  readonly resources: Map<string, string>;
  readonly records: GroupRecords;
  readonly by: ByPeople;
}

/** By the names of the beginning, and those of replicas that are made behind a failover. */
const names = [
  ...[original, `${original}-1`, `${original}-2`],
  ...[`responder-${original}-1-replica`, `responder-${original}-2-replica`],
];
const rebootMs = 8000;

const does: Readonly<Record<What, (server: Server, hands: Hands) => void>> = {
  "switch-on": (_, { world }) => {
    world.switchedAt = world.now();
  },
  "switch-off": (_, { world }) => {
    world.switchedAt = null;
  },
  down: (server) => {
    server.power = "down";
  },
  freeze: (server) => {
    if (server.power === "up") server.power = "frozen";
  },
  "cut-responder": ({ cut }) => cut.add("responder"),
  "cut-clients": ({ cut }) => cut.add("clients"),
  "cut-replicas": ({ cut }) => cut.add("replicas"),
  // RDS refuses it to a replica, and to whoever has one.
  stop: (server, { world }) => {
    const others = [...world.set.servers.values()];
    if (server.replicaOf !== null || others.some(({ replicaOf }) => replicaOf === server.id)) return;
    Object.assign(server, { power: "down", status: "stopped" });
  },
  fail: (server) => Object.assign(server, { power: "down", status: "failed" }),
  heal: (server, { world }) => heal(world, server),
  busy: (server, { world }) => busy(world, server),
  open: ({ id }, hands) => open(hands, id),
  reboot: (server, { world }) => reboot(world, server),
  promote: (server, { world, by }) => {
    if (server.replicaOf === null || server.status !== "available") return;
    server.status = "modifying";
    world.at(world.now() + (world.promoteMs?.() ?? 20_000), () => {
      server.status = "available";
      if (server.power !== "up" || server.replicaOf === null) return;
      world.set.promote(server);
      world.set.restart(server, world.now());
      by.promoted.add(server.id);
    });
  },
  rename: (server, hands) => rename(hands, server),
  delete: ({ id }, hands) => remove(hands, id),
  wall: (server, { by }) => {
    server.groups = [quarantine];
    by.walled.add(server.id);
  },
  "name-back": ({ id }, { world, by }) => {
    world.name = id;
    by.namedAt = world.now();
  },
};

/** Whoever was renamed since is meant by the name of before, unless another one has it. */
export function happen({ what, of }: Happening, hands: Hands): void {
  const { servers } = hands.world.set;
  const name = names[of] ?? original;
  const renamed = [...hands.resources].find(
    ([id, resource]) =>
      servers.has(id) && (resource === `res-${name}` || resource.startsWith(`made-${name}-`)),
  );
  const server = servers.get(name) ?? servers.get(renamed?.[0] ?? "");
  if (server !== undefined) does[what](server, hands);
}

/** A replica that was made just now has a resource of its own, and is not always well. */
export function born({ world, resources }: Hands, random: Seeded, unwell: number): void {
  for (const server of world.set.servers.values()) {
    if (resources.has(server.id)) continue;
    resources.set(server.id, `made-${server.id}-${world.now()}`);
    if (random.chance(unwell)) server.cut.add("replicas");
  }
}

export function heal(world: FailoverWorld, server: Server): void {
  server.cut.clear();
  if (server.power === "frozen") server.power = "up";
  if (["stopped", "failed"].includes(server.status)) server.status = "available";
  if (server.power === "down") world.set.restart(server, world.now());
}

function busy(world: FailoverWorld, server: Server): void {
  if (server.status !== "available") return;
  server.status = "backing-up";
  world.at(world.now() + 240_000, () => {
    if (server.status === "backing-up") server.status = "available";
  });
}

/** In AWS's console and by a session of theirs; who is a replica stays one. */
export function open({ world, by }: Hands, id: string): void {
  const server = world.set.servers.get(id);
  if (server === undefined) return;
  heal(world, server);
  server.groups = ["sg-app"];
  if (server.replicaOf === null && server.fenced) world.set.append(server, { fence: false });
  by.opened.set(id, world.now());
}

export function reboot(world: FailoverWorld, server: Server): void {
  if (server.status !== "available") return;
  Object.assign(server, { status: "rebooting", power: "down" });
  world.at(world.now() + rebootMs, () => {
    server.status = "available";
    world.set.restart(server, world.now());
  });
}

/** Its replicas go with it, and it is restarted. */
function rename({ world, resources, by }: Hands, server: Server): void {
  const id = `${server.id}-renamed`;
  const { servers } = world.set;
  if (servers.has(id)) return;
  servers.delete(server.id);
  for (const ids of [by.promoted, by.walled]) if (ids.has(server.id)) ids.add(id);
  const opened = by.opened.get(server.id);
  if (opened !== undefined) by.opened.set(id, opened);
  resources.set(id, resources.get(server.id) ?? server.id);
  resources.delete(server.id);
  for (const other of servers.values()) if (other.replicaOf === server.id) other.replicaOf = id;
  if (world.set.primary === server.id) world.set.primary = id;
  servers.set(id, Object.assign(server, { id }));
  if (server.power === "up") world.set.restart(server, world.now());
}

/** RDS makes databases of their own of the replicas of one that is deleted. */
export function remove({ world, resources, by }: Hands, id: string): void {
  world.set.servers.delete(id);
  resources.delete(id);
  by.deleted = true;
  for (const other of world.set.servers.values()) {
    if (other.replicaOf !== id) continue;
    world.set.promote(other);
    by.promoted.add(other.id);
  }
}

/** One command as it was printed, of those that are not the responder's own. Answers false for what only looks. */
export function typed(command: string, hands: Hands): boolean {
  const { world, by } = hands;
  const { servers } = world.set;
  const group = /modify-db-instance --db-instance-identifier (\S+) --vpc-security-group-ids (\S+)/.exec(
    command,
  );
  const rebooted = /reboot-db-instance --db-instance-identifier (\S+)/.exec(command)?.[1];
  const pointed = /\(record \S+ → endpoint of (\S+)\)/.exec(command)?.[1];
  const deleted = /delete-db-instance --db-instance-identifier (\S+)/.exec(command)?.[1];
  const walled = servers.get(group?.[1] ?? "");
  if (walled !== undefined) {
    walled.groups = (group?.[2] ?? "").split(/,/);
    if (walled.groups.includes(quarantine)) by.walled.add(walled.id);
    else by.opened.set(walled.id, world.now());
  }
  const down = servers.get(rebooted ?? "");
  if (down !== undefined) reboot(world, down);
  if (pointed !== undefined) {
    world.name = pointed;
    by.namedAt = world.now();
  }
  if (deleted !== undefined) remove(hands, deleted);
  return group !== null || rebooted !== undefined || pointed !== undefined || deleted !== undefined;
}
