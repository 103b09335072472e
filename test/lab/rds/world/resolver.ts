import { setTimeout as sleep } from "node:timers/promises";
import type { AwsCall } from "../api/aws-call.ts";
import type { Door } from "../network/doors.ts";
import type { Database } from "./database.ts";
import { lookUp, type NameBook, type NameKind, nameKinds, type Pointer } from "./names.ts";
import type { World } from "./world.ts";

/** Where clients are led who ask for the name now: changes reach them after a while, as on the Internet. */
export interface Resolver {
  readonly book: NameBook;
  /** Looks again, some time after a call that may have changed a name. */
  heard(call: AwsCall): void;
  resolve(kind: NameKind): Resolved;
  /** Every change that was heard of has reached those who ask. */
  settled(): Promise<void>;
  stop(): void;
}

export interface Resolved {
  readonly host: string;
  /** Null when neither the name nor the host alone says it. */
  readonly port: number | null;
  /** The databases at this address; more than one where all have the same host and the name says no port. */
  readonly databases: readonly Database[];
}

export async function startResolver(world: World, book: NameBook): Promise<Resolver> {
  const known = new Map<NameKind, Pointer>();
  const ending = new AbortController();
  let last = Promise.resolve();
  const look = async (kind: NameKind) => {
    known.set(kind, await lookUp(world.moto, book, kind));
  };
  for (const kind of nameKinds) await look(kind);
  const later = async (kind: NameKind) => {
    try {
      await sleep(world.delays.nameMs, undefined, { signal: ending.signal });
      await look(kind);
    } catch {
      // The lab ends, or the name is gone: whoever asks hears what was known, as from a cache.
    }
  };
  return {
    book,
    heard: (call) => {
      const kind = changedBy(call);
      if (kind !== null) last = Promise.all([last, later(kind)]).then(() => undefined);
    },
    resolve: (kind) => {
      const { host, port } = known.get(kind) ?? { host: "", port: null };
      const led = at(world, { host, port });
      const only = led.length === 1 ? (led[0]?.door.port ?? null) : null;
      return { host, port: port ?? only, databases: led.map(({ database }) => database) };
    },
    settled: () => last,
    stop: () => ending.abort(),
  };
}

function changedBy({ service, operation, method }: AwsCall): NameKind | null {
  if (service === "route53") return method === "GET" ? null : "dns";
  if (/^(Get|Describe|List)/.test(operation)) return null;
  if (service === "ssm") return "ssm";
  return service === "secretsmanager" ? "secret" : null;
}

interface Led {
  readonly door: Door;
  readonly database: Database;
}

function at({ databases, clusters }: World, { host, port }: Pointer): Led[] {
  const own = [...databases.values()].map((database) => ({ door: database.endpoint, database }));
  const shared = [...clusters.values()].map(({ endpoint, writer }) => ({ door: endpoint, database: writer }));
  return [...own, ...shared].filter(
    ({ door }) => door.host === host && (port === null || door.port === port),
  );
}
