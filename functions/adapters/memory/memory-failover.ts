import type { NodeLook } from "../../core/contract/failover-topology.ts";
import { AwsError } from "../../core/errors.ts";
import type { EffectBody, Stamp } from "../../core/failover/effect.ts";
import type { FailoverPorts } from "../../core/failover/ports.ts";
import { type FailoverWorld, guard, pass } from "./failover-world.ts";
import { lock, names, runs, voice } from "./memory-failover-records.ts";
import { isReceiving, type ReplicaSet, type Server } from "./replica-set.ts";
import { describeSet } from "./replica-set-topology.ts";

/** How long RDS takes for what it does. */
const takesMs = { promote: 20_000, restart: 8000, groups: 3000, replica: 30_000 };

/** All ports of a failover over one model of a primary with replicas; what goes wrong on the way is the world's choice. */
export function createMemoryFailover(world: FailoverWorld): FailoverPorts {
  return {
    controlPlane: controlPlane(world),
    door: door(world),
    names: names(world),
    lock: lock(world),
    voice: voice(world),
    runs: runs(world),
  };
}

function controlPlane(world: FailoverWorld): FailoverPorts["controlPlane"] {
  const { set } = world;
  const send = async (kind: EffectBody["kind"], stamp: Stamp, id: string, what: (server: Server) => void) => {
    guard(world, stamp);
    await pass(world, kind, () => {
      const server = set.servers.get(id);
      if (server !== undefined) what(server);
    });
  };
  const never = async () => {
    throw new AwsError("InvalidDBClusterStateFault", true, "there is no cluster here");
  };
  return {
    describe: async (_database, _signal, scope) => {
      await pass(world, "describe", () => {});
      return describeSet(world, scope);
    },
    nameOf: async (_node, resourceId) => {
      await pass(world, "describe", () => {});
      return describeSet(world).nodes.find((node) => node.resourceId === resourceId)?.id ?? null;
    },
    promoteReplica: async (id, stamp) => {
      guard(world, stamp);
      world.failedOverAt = world.now();
      world.lastCallBy = stamp.run;
      await send("execute", stamp, id, (server) => promote(world, server));
    },
    failOverCluster: never,
    rebootWithFailover: never,
    switchOverGlobal: never,
    failOverGlobal: never,
    setSecurityGroups: async (id, groups, stamp) => {
      const { status } = set.servers.get(id) ?? { status: "none" };
      if (!["available", "modifying", "rebooting"].includes(status)) {
        throw new AwsError("InvalidDBInstanceState", true, `${id} is ${status}`);
      }
      await send("wall", stamp, id, (server) => {
        world.at(world.now() + takesMs.groups, () => {
          server.groups = groups;
        });
      });
    },
    restart: (id, stamp) =>
      send("restart", stamp, id, (server) => {
        server.status = "rebooting";
        server.power = "down";
        world.at(world.now() + takesMs.restart, () => {
          server.status = "available";
          set.restart(server, world.now());
        });
      }),
    createReplica: (source, id, stamp) =>
      send("rebuild", stamp, source, ({ log }) => {
        if (set.servers.has(id)) return;
        const base = set.servers.get(source);
        if (base === undefined) return;
        const copy = { ...structuredClone(base), id, replicaOf: source, log: [...log], status: "creating" };
        set.servers.set(id, copy);
        world.at(world.now() + takesMs.replica, () => {
          copy.status = "available";
        });
      }),
    tag: (id, key, value, stamp) =>
      send("tag", stamp, id, (server) => {
        server.tags[key] = value;
      }),
  };
}

/** RDS refuses what is no replica; it restarts what it promotes. */
function promote(world: FailoverWorld, server: Server): void {
  if (server.replicaOf === null || server.status !== "available") return;
  server.status = "modifying";
  world.at(world.now() + (world.promoteMs?.() ?? takesMs.promote), () => {
    if (server.power !== "up") {
      server.status = "available";
      return;
    }
    world.set.promote(server);
    world.promoted.push(server.id);
    world.promotedAt.push(world.now());
    server.status = "available";
    world.set.restart(server, world.now());
  });
}

function door(world: FailoverWorld): FailoverPorts["door"] {
  const { set, now } = world;
  const turn = async (kind: "fence" | "unfence", id: string, stamp: Stamp) => {
    guard(world, stamp);
    const server = set.servers.get(id);
    if (server === undefined || server.power !== "up" || server.cut.has("responder")) {
      throw new AwsError("ConnectTimeout", true, `${id} does not answer`);
    }
    await pass(world, kind, () => {
      if (server.power !== "up" || server.replicaOf !== null) return;
      if (server.fenced !== (kind === "fence")) set.append(server, { fence: kind === "fence" });
      if (kind === "fence") server.sessions.clear();
    });
  };
  return {
    look: async ({ id }) => {
      await pass(world, "look", () => {});
      return lookAt(set, set.servers.get(id), now());
    },
    fence: (id, stamp) => turn("fence", id, stamp),
    unfence: (id, stamp) => turn("unfence", id, stamp),
  };
}

function lookAt(set: ReplicaSet, server: Server | undefined, now: number): NodeLook {
  const at = new Date(now).toISOString();
  if (server === undefined || server.cut.has("responder")) return unreached(at);
  if (server.power === "down" && server.status === "available") return { ...unreached(at), refused: true };
  if (server.power !== "up") return unreached(at);
  const { log, relay, replicaOf, fenced, sessions } = server;
  return {
    ...{
      at,
      reachable: true,
      failedAt: null,
      writable: replicaOf === null && !fenced,
      fenced,
      traces: fenced,
    },
    ...{ clients: sessions.size, written: replicaOf === null ? lsn(log.length) : null },
    received: replicaOf === null ? null : lsn(log.length + relay.length),
    applied: replicaOf === null ? null : lsn(log.length),
    sourceWritten: replicaOf === null ? null : lsn(server.sourceSaid),
    silentSeconds: replicaOf === null ? null : (now - server.lastMessageAt) / 1000,
    heartbeatEverySeconds: replicaOf === null ? null : 30,
    ...{ receiving: isReceiving(set, server), applying: server.applies, delaySeconds: 0, filtered: false },
    ...{ heartbeatAgeSeconds: null, heartbeatRows: null, openTransaction: { rows: 0, seconds: 0 } },
  };
}

function unreached(at: string): NodeLook {
  return {
    ...{ at, reachable: false, failedAt: "TCP", writable: null, fenced: null, clients: null },
    ...{ written: null, received: null, applied: null, sourceWritten: null, silentSeconds: null },
    ...{ receiving: null, applying: null, delaySeconds: null, filtered: null },
    ...{ heartbeatAgeSeconds: null, heartbeatRows: null, openTransaction: null },
  };
}

function lsn(changes: number) {
  return { kind: "lsn" as const, value: `0/${(0x100 * (changes + 1)).toString(16).toUpperCase()}` };
}
