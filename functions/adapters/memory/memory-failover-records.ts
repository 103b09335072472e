import { failoverRunSchema } from "../../core/contract/failover.ts";
import { ConflictError } from "../../core/errors.ts";
import { isOpen } from "../../core/failover/is-open.ts";
import type { FailoverPorts } from "../../core/failover/ports.ts";
import { type FailoverWorld, guard, pass } from "./failover-world.ts";

const ttlSeconds = 5;

export function names(world: FailoverWorld): FailoverPorts["names"] {
  return {
    read: async (_ref, { nodes }, _signal, what) => {
      await pass(world, "read-name", () => {});
      if (nodes.every(({ id }) => id !== world.name))
        return { pointsTo: null, stranger: world.name, formerly: world.name, proves: null, ttlSeconds };
      const server = world.set.servers.get(world.name);
      const answers = what !== "where" && server?.power === "up" && !server.cut.has("responder");
      const proves = answers && server.replicaOf === null && !server.fenced ? server.id : null;
      return { pointsTo: world.name, proves, ttlSeconds };
    },
    point: async (_ref, to, stamp) => {
      guard(world, stamp);
      await pass(world, "point", () => {
        world.name = to;
      });
    },
  };
}

export function lock(world: FailoverWorld): FailoverPorts["lock"] {
  return {
    holder: async () => {
      await pass(world, "holder", () => {});
      return world.lock;
    },
    take: async (_group, run) => {
      await pass(world, "take-lock", () => {
        if (world.lock !== null && world.lock.run !== run) return;
        world.tokens += 1;
        world.lock = { run, token: world.tokens };
      });
      return world.lock ?? { run: "nobody", token: 0 };
    },
    release: async (_group, run, _signal, token = world.lock?.token) => {
      await pass(world, "release-lock", () => {
        if (world.lock?.run === run && world.lock.token === token) world.lock = null;
      });
    },
  };
}

export function voice(world: FailoverWorld): FailoverPorts["voice"] {
  return {
    tell: async (message, thread) => {
      world.progress.push(message.headline);
      return thread ?? { channel: "C1", ts: String(world.progress.length), permalink: null };
    },
    announce: ({ message, stamp }) =>
      pass(world, "announce", () => {
        world.told.push({ run: stamp.run, headline: message.headline });
      }),
    ask: () =>
      pass(world, "ask", () => {
        world.approval ??= { is: "pending" };
      }),
    approval: async () => world.approval,
  };
}

/** Kept as text: what comes back has gone through its schema, as from a table. */
export function runs(world: FailoverWorld): FailoverPorts["runs"] {
  const get = (id: string) => {
    const body = world.runs.get(id);
    return body === undefined ? null : failoverRunSchema.parse(JSON.parse(body));
  };
  return {
    get: async (id) => get(id),
    save: async (run) => {
      const stored = get(run.id);
      if ((stored?.revision ?? 0) !== run.revision) throw new ConflictError(`run ${run.id} has moved on`);
      const saved = { ...run, revision: run.revision + 1 };
      world.runs.set(run.id, JSON.stringify(saved));
      return saved;
    },
    open: async () => [...world.runs.keys()].filter((id) => isOpen(get(id))),
    standing: async () =>
      [...world.runs.keys()].map((id) => ({ id, run: get(id) })).filter(({ run }) => isOpen(run)),
  };
}
