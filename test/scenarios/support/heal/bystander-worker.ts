import { setTimeout as pause } from "node:timers/promises";
import * as z from "zod";
import { type BystanderClient, type BystanderError, errorOf } from "./bystander-client.ts";
import { type Role, rowsSql, tableOf } from "./bystander-tables.ts";

export interface Hurt {
  readonly kind: "session" | "statement" | "rows" | "objects";
  readonly says: string;
}

const countSchema = z.tuple([z.object({ low: z.coerce.number(), high: z.coerce.number() })]);
const restMs = 50;

/** One session at work, and what became of it. */
export interface Worker {
  readonly client: () => BystanderClient;
  /** Works until it is told to stop. */
  work(goesOn: () => boolean): Promise<void>;
  mark(): void;
  /** What it has suffered since the mark, but for what the fault did to it before. */
  suffered(): readonly Hurt[];
  /** Whether its rows are what it made of them; asked for by a session that nothing has happened to. */
  rows(admin: BystanderClient): Promise<readonly Hurt[]>;
}

export function createWorker(
  role: Role,
  first: BystanderClient,
  open: () => Promise<BystanderClient>,
): Worker {
  let client = first;
  // Changes that the server has confirmed, and those of which nobody knows.
  let confirmed = 0;
  let unknown = 0;
  let wrong = 0;
  let marked = false;
  const before: BystanderError[] = [];
  const since: BystanderError[] = [];
  const failed = async (error: unknown): Promise<void> => {
    const what = errorOf(error);
    (marked ? since : before).push(what);
    unknown += 1;
    if (what.kind === "statement") await client.query("ROLLBACK").catch(() => undefined);
    else {
      await client.close();
      // Where no connection is to be had the next turn says so, and tries again.
      client = await open().catch(() => client);
    }
  };
  return {
    client: () => client,
    work: async (goesOn) => {
      for (let turn = 1; goesOn(); turn += 1) {
        try {
          if (await turnOf(role, client, turn)) confirmed += 1;
          else wrong += 1;
        } catch (error) {
          await failed(error);
        }
        await pause(restMs);
      }
    },
    mark: () => {
      marked = true;
    },
    suffered: () => {
      const usual = new Set(before.map(({ code }) => code));
      return since
        .filter(({ code }) => !usual.has(code))
        .map(({ kind, code }) => ({ kind, says: `the ${role}'s ${kind} was ended: ${code}` }));
    },
    rows: async (admin) => {
      const hurt = (says: string): readonly Hurt[] => [{ kind: "rows", says }];
      if (role === "reader") return wrong === 0 ? [] : hurt(`the reader read ${wrong} wrong rows`);
      const [{ low, high }] = countSchema.parse(await admin.query(rowsSql(role)));
      // A turn that still waits may have changed them, too.
      if (low === high && low >= confirmed && high <= confirmed + unknown + 1) return [];
      return hurt(`the ${role} changed its rows ${confirmed} times, and they say ${low} and ${high}`);
    },
  };
}

/** False when it read what nobody wrote. */
async function turnOf(role: Role, client: BystanderClient, turn: number): Promise<boolean> {
  const table = tableOf(role);
  const bump = (id: number) => `UPDATE ${table} SET n = n + 1 WHERE id = ${id}`;
  switch (role) {
    case "reader": {
      const id = (turn % 100) + 1;
      const rows = await client.query(`SELECT n AS low, n AS high FROM ${table} WHERE id = ${id}`);
      return countSchema.parse(rows)[0].low === 0;
    }
    case "writer":
      await client.query(bump(1));
      return true;
    case "transaction":
      await client.query("START TRANSACTION");
      await client.query(bump(1));
      await pause(restMs / 2);
      await client.query(bump(2));
      await client.query("COMMIT");
      return true;
    default:
      return role satisfies never;
  }
}
