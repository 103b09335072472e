import type { Client } from "pg";
import type { PostgresServer } from "../../lab/engines/postgres-server.ts";
import { closeAll, openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";

/** A lock jam that stands until `end` is called. */
export interface Jam {
  readonly waiters: number;
  end(): Promise<void>;
}

type Shape = (server: PostgresServer, waiters: number) => Promise<Jam>;

export const shapes = {
  star,
  chain,
  tree,
  "ddl-queue": ddlQueue,
  prepared,
  "step-ahead": stepAhead,
  parallel,
} satisfies Record<string, Shape>;

export async function createJamTables(server: PostgresServer): Promise<void> {
  const admin = await openSession(server);
  await admin.query(`create table public.accounts (id int primary key, balance int);
    insert into public.accounts select n, 0 from generate_series(0, 2000) n`);
  await closeAll([admin]);
}

const update = (id: number): string => `update public.accounts set balance = balance + 1 where id = ${id}`;

async function star(server: PostgresServer, waiters: number): Promise<Jam> {
  const [holder, ...others] = await begun(server, waiters + 1);
  await holder?.query(update(0));
  return jam(server, [holder, ...others], waiters, () => others.map((client) => client.query(update(0))));
}

async function chain(server: PostgresServer, waiters: number): Promise<Jam> {
  return rows(server, waiters, (index) => index - 1);
}

async function tree(server: PostgresServer, waiters: number): Promise<Jam> {
  return rows(server, waiters, (index) => Math.floor((index - 1) / 4));
}

/** Everybody owns a row and then wants another's. */
async function rows(server: PostgresServer, waiters: number, wants: (index: number) => number): Promise<Jam> {
  const clients = await begun(server, waiters + 1);
  for (const [index, client] of clients.entries()) await client.query(update(index));
  return jam(server, clients, waiters, () =>
    clients.slice(1).map((client, index) => client.query(update(wants(index + 1)))),
  );
}

async function ddlQueue(server: PostgresServer, waiters: number): Promise<Jam> {
  const [reader, ddl, ...readers] = await begun(server, waiters + 1);
  await reader?.query("select count(*) from public.accounts");
  const alter = ddl?.query("alter table public.accounts add column note text").catch(() => undefined);
  await untilWaiting(server, 1);
  return jam(server, [reader, ddl, ...readers], waiters, () => [
    alter ?? Promise.resolve(),
    ...readers.map((client) => client.query("select count(*) from public.accounts")),
  ]);
}

/** Who holds a lock already is let in front of the DDL that its lock keeps out. */
async function stepAhead(server: PostgresServer, waiters: number): Promise<Jam> {
  const [holder, upgrader, ddl, ...readers] = await begun(server, waiters + 1);
  await holder?.query("lock table public.accounts in share mode");
  await upgrader?.query("select count(*) from public.accounts");
  const alter = ddl?.query("alter table public.accounts add column note text").catch(() => undefined);
  await untilWaiting(server, 1);
  return jam(server, [holder, upgrader, ddl, ...readers], waiters, () => [
    alter ?? Promise.resolve(),
    upgrader?.query(update(0)) ?? Promise.resolve(),
    ...readers.map((client) => client.query("select count(*) from public.accounts")),
  ]);
}

/** A parallel query's workers hold the table as well; they count as the session they work for. */
async function parallel(server: PostgresServer, waiters: number): Promise<Jam> {
  const [leader, ddl, ...readers] = await begun(server, waiters + 1);
  await leader?.query(`set local max_parallel_workers_per_gather = 2; set local parallel_setup_cost = 0;
    set local parallel_tuple_cost = 0; set local min_parallel_table_scan_size = 0`);
  const slow = leader?.query("select count(pg_sleep(id + 60)) from public.accounts").catch(() => undefined);
  await untilSeen(server, "backend_type = 'parallel worker'");
  const alter = ddl?.query("alter table public.accounts add column note text").catch(() => undefined);
  await untilWaiting(server, 1);
  return jam(server, [leader, ddl, ...readers], waiters, () => [
    slow ?? Promise.resolve(),
    alter ?? Promise.resolve(),
    ...readers.map((client) => client.query("select count(*) from public.accounts")),
  ]);
}

async function prepared(server: PostgresServer, waiters: number): Promise<Jam> {
  const [first, ...others] = await begun(server, waiters + 1);
  await first?.query(`${update(0)}; prepare transaction 'forgotten'`);
  const standing = await jam(server, [first, ...others], waiters, () =>
    others.map((client) => client.query(update(0))),
  );
  return {
    waiters,
    async end() {
      await standing.end();
      const admin = await openSession(server);
      await admin.query("rollback prepared 'forgotten'");
      await closeAll([admin]);
    },
  };
}

async function begun(server: PostgresServer, count: number): Promise<Client[]> {
  const clients = await openSessions(server, count, { applicationName: "jam" });
  await Promise.all(clients.map((client) => client.query("begin")));
  return clients;
}

async function jam(
  server: PostgresServer,
  clients: readonly (Client | undefined)[],
  waiters: number,
  wait: () => Promise<unknown>[],
): Promise<Jam> {
  for (const waiting of wait()) waiting.catch(() => undefined);
  await untilWaiting(server, waiters);
  return {
    waiters,
    async end() {
      const admin = await openSession(server, { user: "rdsadmin" });
      await admin.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'jam'",
      );
      await waitUntil(async () => (await count(admin, "application_name = 'jam'")) === 0, {
        what: "the jam is dissolved",
      });
      await closeAll([admin, ...clients.filter((client) => client !== undefined)]);
    },
  };
}

async function untilWaiting(server: PostgresServer, waiters: number): Promise<void> {
  const admin = await openSession(server, { user: "rdsadmin" });
  const query = "select count(*)::int as n, count(waitstart)::int as dated from pg_locks where not granted";
  await waitUntil(
    async () => {
      const { n, dated } = (await admin.query(query)).rows[0];
      return n === waiters && dated === waiters;
    },
    { what: `${waiters} sessions wait for a lock`, timeoutMs: 30_000 },
  );
  await closeAll([admin]);
}

async function untilSeen(server: PostgresServer, where: string): Promise<void> {
  const admin = await openSession(server, { user: "rdsadmin" });
  await waitUntil(async () => (await count(admin, where)) > 0, { what: `a session with ${where} is there` });
  await closeAll([admin]);
}

async function count(client: Client, where: string): Promise<number> {
  return (await client.query(`select count(*)::int as n from pg_stat_activity where ${where}`)).rows[0].n;
}
