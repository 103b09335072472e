import type { FailoverWorld } from "../../functions/adapters/memory/failover-world.ts";
import type { Change, Server } from "../../functions/adapters/memory/replica-set.ts";
import type { NodeLook, Position } from "../../functions/core/contract/failover-topology.ts";

/** Where a change was committed first, and as which of that server's. */
interface Origin {
  readonly uuid: string;
  readonly nth: number;
}

/**
 * The same set on MySQL: who stands alone commits under a UUID of its own, its replicas have those of their sources, and a
 * position is the set of them. A replica does not say how far its source is.
 */
export function createGtids({ set }: FailoverWorld) {
  const origins = new WeakMap<Change, Origin>();
  const uuids = new WeakMap<Server, string>();
  const noted = new WeakMap<Server, number>();
  let servers = 0;
  const uuidOf = (server: Server): string => {
    const known = uuids.get(server);
    if (known !== undefined) return known;
    servers += 1;
    const uuid = `00000000-0000-0000-0000-${String(servers).padStart(12, "0")}`;
    uuids.set(server, uuid);
    return uuid;
  };
  const setOf = (changes: readonly Change[]): Position => {
    const last = new Map<string, number>();
    for (const change of changes) {
      const of = origins.get(change);
      if (of !== undefined) last.set(of.uuid, Math.max(of.nth, last.get(of.uuid) ?? 0));
    }
    return { kind: "gtid", value: [...last].map(([uuid, nth]) => `${uuid}:1-${nth}`).join(",") };
  };
  const own = new Map<string, number>();
  return {
    /** Behind every step, before it streams: what was committed since. */
    note: () => {
      for (const server of set.servers.values()) {
        const since = noted.get(server) ?? 0;
        noted.set(server, server.log.length);
        for (const change of server.log.slice(since)) {
          if (origins.has(change)) continue;
          const uuid = uuidOf(server);
          own.set(uuid, (own.get(uuid) ?? 0) + 1);
          origins.set(change, { uuid, nth: own.get(uuid) ?? 0 });
        }
      }
    },
    /** A look at it, as MySQL would tell it. */
    told: (id: string, look: NodeLook): NodeLook => {
      const server = set.servers.get(id);
      if (server === undefined || !look.reachable) return look;
      const applied = setOf(server.log);
      if (server.replicaOf === null) return { ...look, written: applied };
      return { ...look, applied, received: setOf([...server.log, ...server.relay]), sourceWritten: null };
    },
  };
}
