import { setTimeout as sleep } from "node:timers/promises";
import type { Engine } from "../engines/lab-server.ts";
import { openSession, type Session } from "../rds/session.ts";
import type { Resolved } from "../rds/world/resolver.ts";

/** A row that a database has confirmed, as the client that wrote it knows it; times are epoch milliseconds. */
export interface Acknowledged {
  readonly client: number;
  readonly row: number;
  /** Whom the name led to when the session was opened. */
  readonly by: string;
  readonly sentAt: number;
  readonly at: number;
}

export interface Clients {
  readonly ledger: readonly Acknowledged[];
  /** When any of them was last confirmed a row. */
  lastAt(): number;
  stop(): Promise<void>;
}

interface Options {
  readonly engine: Engine;
  readonly count: number;
  readonly resolve: () => Resolved;
  readonly now: () => number;
}

const ttlMs = 1000;
const pauseMs = 60;

/** Applications that write all the time: each resolves the name, keeps its session while it works, and its own ledger. */
export function startClients({ engine, count, resolve, now }: Options): Clients {
  const ledger: Acknowledged[] = [];
  let stopped = false;
  const life = async (client: number) => {
    let name = { led: resolve(), at: now() };
    let session: { readonly by: string; readonly is: Session } | null = null;
    for (let row = 1; !stopped; row += 1) {
      try {
        if (session === null) {
          if (now() - name.at >= ttlMs) name = { led: resolve(), at: now() };
          session = await opened(engine, name.led);
        }
        const sentAt = now();
        await session.is.run(`insert into chaos_ledger (client, number) values (${client}, ${row})`);
        ledger.push({ client, row, by: session.by, sentAt, at: now() });
      } catch {
        // Not confirmed: it may be there or not, and nothing was promised.
        session?.is.drop();
        session = null;
      }
      await sleep(pauseMs);
    }
    session?.is.drop();
  };
  const lives = Array.from({ length: count }, (_, client) => life(client));
  return {
    ledger,
    lastAt: () => ledger.at(-1)?.at ?? 0,
    stop: async () => {
      stopped = true;
      await Promise.all(lives);
    },
  };
}

async function opened(engine: Engine, { host, port, databases }: Resolved) {
  const [only] = databases;
  if (port === null || only === undefined) throw new Error("the name leads nowhere");
  return { by: only.id, is: await openSession(engine, { host, port }, "shop") };
}
