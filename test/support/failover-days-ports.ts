import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import { createMemoryFailover } from "../../functions/adapters/memory/memory-failover.ts";
import { quarantine } from "../../functions/adapters/memory/replica-set.ts";
import { AwsError } from "../../functions/core/errors.ts";
import type { Stamp } from "../../functions/core/failover/effect.ts";
import type { Approval, FailoverPorts } from "../../functions/core/failover/ports.ts";

/** What was done to whom, as soon as the lock let it pass; `by`: the run. */
export interface Deed {
  readonly what: "fence" | "wall" | "unwall" | "open" | "restart" | "promote" | "point" | "rebuild";
  readonly node: string;
  readonly by: string;
}

export interface DaysPortsOptions {
  readonly world: FailoverWorld;
  readonly resources: ReadonlyMap<string, string>;
  /** In the order of the calls that may have promoted them. */
  readonly called: string[];
  readonly approvals: Map<string, Approval>;
  /** Everything that a channel was told beside the ends. */
  readonly said: string[];
  did(deed: Deed): void;
}

/** The memory's ports, in which people may rename, delete and promote, and every deed is written down by somebody else. */
export function createDaysPorts(options: DaysPortsOptions): FailoverPorts {
  const { world, resources, called, approvals, said } = options;
  const memory = createMemoryFailover(world);
  const { controlPlane, door, names, voice } = memory;
  const did = (what: Deed["what"], node: string, { run, token }: Stamp) => {
    const { lock } = world;
    if (lock?.run === run && token >= lock.token) options.did({ what, node, by: run });
  };
  const promotedNow = () =>
    called.toReversed().find((id) => world.set.servers.get(id)?.replicaOf === null) ?? world.set.primary;
  const known = (id: string) => {
    if (!world.set.servers.has(id)) throw new AwsError("DBInstanceNotFound", true, `${id} not found`);
  };
  const told = voice.tell;
  return {
    ...memory,
    controlPlane: {
      ...controlPlane,
      describe: async (database, signal, scope) => {
        const topology = await controlPlane.describe(database, signal, scope);
        known(database);
        const nodes = topology.nodes.map((node) => {
          const resourceId = resources.get(node.id);
          return resourceId === undefined ? node : { ...node, resourceId };
        });
        return { ...topology, nodes, primary: promotedNow() };
      },
      nameOf: async (_node, resourceId) =>
        [...world.set.servers.keys()].find((id) => resources.get(id) === resourceId) ?? null,
      promoteReplica: async (id, stamp, signal) => {
        did("promote", id, stamp);
        if (world.lock?.run === stamp.run) called.push(id);
        return controlPlane.promoteReplica(id, stamp, signal);
      },
      setSecurityGroups: async (id, groups, stamp, signal) => {
        did(groups.includes(quarantine) ? "wall" : "unwall", id, stamp);
        return controlPlane.setSecurityGroups(id, groups, stamp, signal);
      },
      restart: async (id, stamp, signal) => {
        did("restart", id, stamp);
        return controlPlane.restart(id, stamp, signal);
      },
      createReplica: async (source, id, stamp, signal) => {
        did("rebuild", source, stamp);
        return controlPlane.createReplica(source, id, stamp, signal);
      },
    },
    door: {
      ...door,
      fence: async (id, stamp, signal) => {
        did("fence", id, stamp);
        return door.fence(id, stamp, signal);
      },
      unfence: async (id, stamp, signal) => {
        did("open", id, stamp);
        return door.unfence(id, stamp, signal);
      },
    },
    names: {
      ...names,
      point: async (ref, to, stamp, signal) => {
        did("point", to, stamp);
        return names.point(ref, to, stamp, signal);
      },
    },
    voice: {
      ...voice,
      tell: async (message, thread, signal) => {
        said.push(message.headline);
        return told(message, thread, signal);
      },
      ask: async ({ stamp }) => {
        approvals.set(stamp.run, { is: "pending" });
      },
      // As the run has it: a card of before says nothing about what is asked anew.
      approval: async (run) =>
        (await memory.runs.get(run))?.sent["ask"] === undefined ? null : (approvals.get(run) ?? null),
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
