/** One change in a stream: a row of a client, or the fence, which lies in tables and is replicated like them. */
export type Change = { readonly row: number } | { readonly fence: boolean };

export interface Server {
  readonly id: string;
  power: "up" | "frozen" | "down";
  status: string;
  replicaOf: string | null;
  groups: readonly string[];
  /** What it has applied. */
  log: Change[];
  /** Received and not applied yet. */
  relay: Change[];
  fenced: boolean;
  sessions: Set<string>;
  restartedAt: number | null;
  lastMessageAt: number;
  /** Where its source's stream ended when that said it last. */
  sourceSaid: number;
  lastWriteAt: number;
  /** Whose packets do not arrive: the responder's, the clients', the replicas'. */
  readonly cut: Set<"responder" | "clients" | "replicas">;
  applies: boolean;
  tags: Record<string, string>;
}

export const quarantine = "sg-quarantine";

/** A primary with replicas as far as a failover meets it: streams, sessions, security groups, restarts. No time of its own. */
export interface ReplicaSet {
  readonly servers: Map<string, Server>;
  primary: string;
  /** Streams what there is; `most` changes are received and applied by each replica. */
  replicate(now: number, most: number): void;
  /** A client's write: true when it was taken. */
  write(id: string, client: string, row: number, now: number): boolean;
  append(server: Server, change: Change): void;
  /** It becomes a database of its own, with all that it had received. */
  promote(server: Server): void;
  /** Every session ends; what was frozen runs again. */
  restart(server: Server, now: number): void;
}

export function serverOf(id: string, replicaOf: string | null, now: number): Server {
  return {
    ...{ id, power: "up", status: "available", replicaOf, groups: ["sg-app"], log: [], relay: [] },
    ...{
      fenced: false,
      sessions: new Set(),
      restartedAt: null,
      lastMessageAt: now,
      sourceSaid: 0,
      lastWriteAt: now,
    },
    ...{ cut: new Set(), applies: true, tags: {} },
  };
}

export function createReplicaSet(replicas: number, now: number): ReplicaSet {
  const names = ["orders-db", ...Array.from({ length: replicas }, (_, at) => `orders-db-${at + 1}`)];
  const servers = new Map(
    names.map((id, at) => [id, serverOf(id, at === 0 ? null : "orders-db", now)] as const),
  );
  const set: ReplicaSet = {
    servers,
    primary: "orders-db",
    append: apply,
    promote: (server) => {
      for (const change of server.relay.splice(0)) apply(server, change);
      server.replicaOf = null;
    },
    restart: (server, at) => {
      server.power = "up";
      server.sessions.clear();
      server.restartedAt = at;
    },
    write: (id, client, row, at) => {
      const server = servers.get(id);
      return server !== undefined && writeTo(server, client, row, at);
    },
    replicate: (at, most) => {
      for (const server of servers.values()) stream(servers, server, at, most);
    },
  };
  return set;
}

function apply(server: Server, change: Change): void {
  server.log.push(change);
  if ("fence" in change) server.fenced = change.fence;
}

/** The wall keeps new sessions out; those that are there stay. The fence keeps new ones out, and ends what is there. */
function writeTo(server: Server, client: string, row: number, now: number): boolean {
  if (server.power !== "up" || server.cut.has("clients")) {
    if (server.power === "down") server.sessions.clear();
    return false;
  }
  if (!server.sessions.has(client)) {
    if (server.groups.includes(quarantine) || server.fenced) return false;
    server.sessions.add(client);
  }
  if (server.replicaOf !== null || server.fenced) return false;
  server.log.push({ row });
  server.lastWriteAt = now;
  return true;
}

function stream(servers: ReadonlyMap<string, Server>, server: Server, now: number, most: number): void {
  if (server.power !== "up") return;
  const source = server.replicaOf === null ? undefined : servers.get(server.replicaOf);
  if (source?.power === "up" && !source.cut.has("replicas") && !server.cut.has("replicas")) {
    const has = server.log.length + server.relay.length;
    server.relay.push(...source.log.slice(has, has + most));
    server.lastMessageAt = now;
    server.sourceSaid = source.log.length;
  }
  if (server.applies) for (const change of server.relay.splice(0, most)) apply(server, change);
}

/** A replica that receives now; what the others know of its source. */
export function isReceiving({ servers }: ReplicaSet, server: Server): boolean | null {
  if (server.replicaOf === null) return null;
  const source = servers.get(server.replicaOf);
  return source?.power === "up" && !source.cut.has("replicas") && !server.cut.has("replicas");
}
