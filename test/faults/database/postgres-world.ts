import type { Client } from "pg";
import { actorStatements } from "../../engines/actions/support.ts";
import type { PostgresServer } from "../../lab/engines/lab-server.ts";
import { startCronPostgres } from "../../lab/engines/postgres-cron.ts";
import { startPostgres } from "../../lab/engines/postgres-server.ts";
import { closeAll, createLabUsers, openSession, openSessions } from "../../lab/engines/sql.ts";
import { postgresCronScenes } from "./postgres-cron-scenes.ts";
import { postgresObjectScenes } from "./postgres-object-scenes.ts";
import { type PostgresStage, postgresSessionScenes } from "./postgres-session-scenes.ts";
import type { Scenes, World } from "./scene.ts";

const setUp = `create table public.orders (id int primary key, customer int, v int);
  insert into public.orders select g, g % 500, g from generate_series(1, 20000) g;
  create index orders_v on public.orders (v);
  create table public.paid (id serial);
  create materialized view public.totals as select customer, sum(v) as v from public.orders group by 1;
  create unique index totals_key on public.totals (customer); analyze public.orders;
  alter table public.orders owner to shop; alter materialized view public.totals owner to shop;
  grant all on public.paid, public.paid_id_seq to shop; grant create on schema public to actor;
  grant execute on all functions in schema public to actor;
  alter role actor createrole; grant shop to actor with admin option`;

const left = `select 'session ' || pid as what from pg_stat_activity where application_name = 'rds-responder'
  union all select 'index ' || indexrelid::regclass from pg_index where not indisvalid
  union all select 'lock ' || pid from pg_locks where locktype = 'advisory'`;

const settings = { autovacuum: "off" };

/** PostgreSQL with a scene for each action, and idle sessions enough for all of them. */
export function postgresWorld(): Promise<World> {
  return worldOf(() => startPostgres({ major: 17, settings }));
}

/** The same with a job of pg_cron, that does not begin meanwhile. */
export function postgresCronWorld(): Promise<World> {
  return worldOf(() => startCronPostgres({ settings }), postgresCronScenes);
}

async function worldOf(
  start: () => Promise<PostgresServer>,
  more: (stage: PostgresStage) => Promise<Scenes> = async () => ({}),
): Promise<World> {
  const server = await start();
  await createLabUsers(server);
  const root = await openSession(server, { user: "rdsadmin" });
  for (const sql of actorStatements("postgres")) await root.query(sql);
  await root.query(setUp);
  const open: Client[] = [root];
  open.push(...(await openSessions(server, 44, { user: "shop", applicationName: "web" })));
  const stage = {
    server,
    root,
    ask: async (sql: string) => String(Object.values((await root.query(sql)).rows[0] ?? {})[0] ?? ""),
    session: async (...statements: readonly string[]) => {
      const client = await openSession(server, { user: "shop" });
      open.push(client);
      for (const sql of statements) await client.query(sql);
      return client;
    },
  };
  return {
    server,
    scenes: { ...postgresSessionScenes(stage), ...postgresObjectScenes(stage), ...(await more(stage)) },
    left: async () => (await root.query<{ what: string }>(left)).rows.map(({ what }) => what),
    stop: async () => {
      await closeAll(open);
      await server.stopNow();
    },
  };
}
