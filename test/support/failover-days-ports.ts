import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createMemoryFailover } from "../../functions/adapters/memory/memory-failover.ts";
import { quarantine } from "../../functions/adapters/memory/replica-set.ts";
import type { NodeLook } from "../../functions/core/contract/failover-topology.ts";
import { AwsError } from "../../functions/core/errors.ts";
import type { Stamp } from "../../functions/core/failover/effect.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import { createThreadVoice } from "../../functions/core/failover/thread-voice.ts";
import type { Clock } from "../../functions/core/ports.ts";
import { describeGroup } from "./failover-days-family.ts";
import { createReads } from "./failover-days-reads.ts";
import type { GroupRecords } from "./failover-days-records.ts";
import { createStore } from "./failover-days-store.ts";
import type { Seeded } from "./seeded.ts";

/** What was done to whom, as soon as the lock let it pass; `by`: the run. */
export interface Deed {
  readonly what: "fence" | "wall" | "unwall" | "open" | "restart" | "promote" | "point" | "rebuild";
  readonly node: string;
  readonly by: string;
}

export interface DaysPortsOptions {
  readonly world: FailoverWorld;
  readonly random: Seeded;
  readonly resources: Map<string, string>;
  readonly records: GroupRecords;
  readonly clock: Clock;
  /** Everything that a channel was told beside the ends. */
  readonly said: string[];
  /** How likely RDS misses a replica, or tells of a minute ago; asked at each description. */
  readonly reads: () => number;
  /** How likely a call to the table of the runs fails, drawn from a stream of its own. */
  readonly stores: { readonly random: Seeded; fails(): number };
  /** As the engine tells a look; absent: as PostgreSQL does. */
  readonly told?: ((id: string, look: NodeLook) => NodeLook) | undefined;
  did(deed: Deed): void;
  /** RDS refused for certain what was sent. */
  refused(deed: Deed): void;
}

/** The memory's ports, in which people may rename, delete and promote, and every deed is written down by somebody else. */
export function createDaysPorts(options: DaysPortsOptions): FailoverPorts {
  const { records, world, resources } = options;
  const plain = createMemoryFailover(world);
  const memory = { ...plain, runs: createStore(plain.runs, { world, ...options.stores }) };
  const { door, names } = memory;
  const told = options.told ?? ((_, look) => look);
  const sent = senderOf(options);
  return {
    ...memory,
    lock: records.lock,
    controlPlane: controlPlaneOf(options, memory, sent),
    door: {
      ...door,
      look: async (node, ...given) => told(node.id, await door.look(node, ...given)),
      fence: (id, stamp, signal) => sent("fence", id, stamp, () => door.fence(id, stamp, signal)),
      unfence: (id, stamp, signal) => sent("open", id, stamp, () => door.unfence(id, stamp, signal)),
    },
    names: {
      read: (ref, topology, signal) => names.read(ref, topology, signal),
      point: async (ref, to, stamp, signal) => {
        // Its endpoint is asked of RDS first.
        if (!resources.has(to)) throw new AwsError("NoEndpoint", true, `RDS shows no address of ${to}`);
        return sent("point", to, stamp, () => names.point(ref, to, stamp, signal));
      },
    },
    voice: voiceOf(options, memory),
  };
}

type Sender = <T>(what: Deed["what"], node: string, stamp: Stamp, call: () => Promise<T>) => Promise<T>;

function senderOf({ records, did }: DaysPortsOptions): Sender {
  return async (what, node, stamp, call) => {
    if (records.admits(stamp)) did({ what, node, by: stamp.run });
    return records.under(stamp, call);
  };
}

function controlPlaneOf(
  options: DaysPortsOptions,
  { controlPlane }: FailoverPorts,
  sent: Sender,
): FailoverPorts["controlPlane"] {
  const { world, resources, records } = options;
  const { servers } = world.set;
  const reads = createReads(options);
  return {
    ...controlPlane,
    describe: async (database, signal, scope) => {
      await controlPlane.describe(database, signal, scope);
      return reads(database, scope ?? "all", () => describeGroup(database, options, scope));
    },
    nameOf: async (_node, resourceId) =>
      [...servers.keys()].find((id) => resources.get(id) === resourceId) ?? null,
    promoteReplica: async (id, stamp, signal) => {
      const deed = { what: "promote", node: id, by: stamp.run } as const;
      if (records.admits(stamp)) options.did(deed);
      const server = servers.get(id);
      const promoted = { node: id, resourceId: resources.get(id) ?? "" };
      try {
        return await records.promotes(stamp, promoted, async () => {
          if (server === undefined || server.replicaOf === null || server.status !== "available")
            throw new AwsError("InvalidDBInstanceState", true, `${id} is no replica that is available`);
          return controlPlane.promoteReplica(id, stamp, signal);
        });
      } catch (error) {
        if (error instanceof AwsError && error.refused) options.refused(deed);
        throw error;
      }
    },
    setSecurityGroups: (id, groups, stamp, signal) =>
      sent(groups.includes(quarantine) ? "wall" : "unwall", id, stamp, () =>
        controlPlane.setSecurityGroups(id, groups, stamp, signal),
      ),
    restart: (id, stamp, signal) => sent("restart", id, stamp, () => controlPlane.restart(id, stamp, signal)),
    createReplica: (source, id, stamp, signal) =>
      sent("rebuild", source, stamp, () => controlPlane.createReplica(source, id, stamp, signal)),
    tag: (id, key, value, stamp, signal) =>
      records.under(stamp, () => controlPlane.tag(id, key, value, stamp, signal)),
  };
}

function voiceOf({ clock, said }: DaysPortsOptions, { voice, runs }: FailoverPorts): FailoverPorts["voice"] {
  const chat = createMemoryChat({ clock });
  const log = createCollectingLog();
  const cards = createThreadVoice({ chat, runs, clock, log, channel: async () => "#db" });
  return {
    ...voice,
    ask: cards.ask,
    approval: cards.approval,
    tell: async (message, thread, signal) => {
      said.push(message.headline);
      return voice.tell(message, thread, signal);
    },
  };
}

/** One function's process: it may die before or behind any call, or hang there and go on minutes later. */
export interface Process {
  readonly name: string;
  dead: boolean;
  before(kind: string): Promise<void>;
}

/** What hangs on a dead one hangs for ever. */
export function ofProcess(ports: FailoverPorts, process: Process): FailoverPorts {
  const never = () => new Promise<never>(() => undefined);
  const wrapped = <T extends object>(of: T): T =>
    Object.fromEntries(
      Object.entries(of).map(([key, method]) => [
        key,
        typeof method !== "function"
          ? method
          : async (...given: unknown[]) => {
              if (process.dead) return never();
              await process.before(key);
              if (process.dead) return never();
              const answer = await method(...given);
              return process.dead ? never() : answer;
            },
      ]),
    ) as T;
  return {
    ...{ controlPlane: wrapped(ports.controlPlane), door: wrapped(ports.door), names: wrapped(ports.names) },
    ...{ lock: wrapped(ports.lock), voice: wrapped(ports.voice), runs: wrapped(ports.runs) },
  };
}
