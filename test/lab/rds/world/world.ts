import { setTimeout as sleep } from "node:timers/promises";
import type { Moto } from "../api/moto-calls.ts";
import type { EngineKind, EngineNode } from "../engines/engine-node.ts";
import type { Cluster, Database } from "./database.ts";
import type { Delays } from "./delays.ts";
import type { EventBook, Telling } from "./events.ts";
import type { Ledger } from "./ledger.ts";

/** Everything that a call can have an effect on. */
export interface World {
  readonly moto: Moto;
  readonly kind: EngineKind;
  readonly databases: Map<string, Database>;
  readonly clusters: Map<string, Cluster>;
  /** Parameters that somebody set, by group. */
  readonly groups: Map<string, Map<string, string>>;
  readonly delays: Delays;
  readonly ledger: Ledger;
  readonly events: EventBook;
  /** Where the next database is to answer; left out, at a port of its own on 127.0.0.1. */
  place(): Place;
  /** A name that no engine of this lab had before. */
  nodeName(of: string): string;
  begin(change: Change): void;
  /** No change is under way any more. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface Place {
  readonly host?: string;
  readonly port?: number;
}

/** `one`: 127.0.0.1 with a port each. `each`: a loopback address each with one port, as names in RDS; Linux only. */
export type Hosts = "one" | "each";

export interface Change {
  readonly operation: string;
  readonly databases: readonly Database[];
  readonly cluster?: Cluster;
  readonly status: string;
  readonly takesMs: number;
  /** Accepted, and then nothing ever comes of it. */
  readonly neverFinishes: boolean;
  readonly work: () => Promise<void>;
  /** What RDS tells of it. */
  readonly told?: Telling;
  /** What goes on once this is done. */
  readonly next?: () => Change | null;
}

type Parts = Pick<World, "moto" | "kind" | "delays" | "ledger" | "events">;

export function createWorld({ hosts, ...parts }: Parts & { readonly hosts: Hosts }): World {
  const databases = new Map<string, Database>();
  let made = 0;
  return {
    ...parts,
    ...createChanges(parts),
    ...{ databases, clusters: new Map(), groups: new Map() },
    place: placesFor(hosts, databases),
    nodeName: (of) => {
      made += 1;
      return `${of.replaceAll("-", "_")}_${made}`;
    },
  };
}

function placesFor(hosts: Hosts, databases: ReadonlyMap<string, Database>): () => Place {
  let placed = 0;
  return () => {
    if (hosts === "one") return {};
    placed += 1;
    const [first] = databases.values();
    const host = `127.0.1.${placed}`;
    return first === undefined ? { host } : { host, port: first.endpoint.port };
  };
}

function createChanges({ ledger, events }: Parts): Pick<World, "begin" | "settled" | "stop"> {
  const ending = new AbortController();
  const running = new Set<Promise<void>>();
  const begin = (change: Change): void => {
    const entry = { operation: change.operation, id: change.databases.map(({ id }) => id).join(", ") };
    setStatus(change, change.status);
    if (change.neverFinishes) {
      ledger.write({ ...entry, what: "never finishes", detail: change.status });
      return;
    }
    tell(events, change, "begun");
    ledger.write({ ...entry, what: "accepted", detail: change.status });
    const run = carryOut(change, entry, ledger, ending.signal).then((done) => {
      running.delete(run);
      if (done) tell(events, change, "done");
      const next = ending.signal.aborted ? null : (change.next?.() ?? null);
      if (next !== null) begin(next);
    });
    running.add(run);
  };
  return {
    begin,
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    stop: async () => {
      ending.abort();
      await Promise.all(running);
    },
  };
}

async function carryOut(
  change: Change,
  entry: { readonly operation: string; readonly id: string },
  ledger: Ledger,
  signal: AbortSignal,
): Promise<boolean> {
  const half = () => sleep(change.takesMs / 2, undefined, { signal });
  try {
    await half();
    await change.work();
    ledger.write({ ...entry, what: "done", detail: "" });
    await half();
    setStatus(change, null);
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    ledger.write({
      ...entry,
      what: "failed",
      detail: error instanceof Error ? error.message : String(error),
    });
    setStatus(change, "failed");
    return false;
  }
}

function tell(events: EventBook, { databases, cluster, told }: Change, when: "begun" | "done"): void {
  const message = told?.[when];
  if (told === undefined || message === undefined) return;
  const { category } = told;
  if (cluster !== undefined) events.write({ id: cluster.id, sourceType: "db-cluster", category, message });
  for (const { id } of databases) events.write({ id, sourceType: "db-instance", category, message });
}

function setStatus({ databases, cluster }: Change, status: string | null): void {
  for (const database of databases) database.status = status;
  if (cluster !== undefined) cluster.status = status;
}

/** The database that an engine stands for, as itself or as its standby. */
export function ownerOf(world: World, node: EngineNode): Database | undefined {
  return [...world.databases.values()].find((database) => database.node === node);
}
