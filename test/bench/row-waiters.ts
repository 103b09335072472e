import type { MariadbServer, MysqlServer, PostgresServer } from "../lab/engines/lab-server.ts";
import { closeAll, openSession, openSessions, waitUntil } from "../lab/engines/sql.ts";

export type AnyServer = PostgresServer | MysqlServer | MariadbServer;

/** Sessions that all wait for the one row that an idle transaction holds, and on MySQL and MariaDB others that idle. */
export function pileUp(
  server: AnyServer,
  waiters: number,
  idlers: number,
): Promise<{ close(): Promise<void> }> {
  return server.engine === "postgres"
    ? pileUpPostgres(server, waiters)
    : pileUpMysql(server, waiters, idlers);
}

async function pileUpPostgres(server: PostgresServer, waiters: number) {
  const holder = await openSession(server);
  await holder.query("CREATE TABLE hot (id int PRIMARY KEY, n int); INSERT INTO hot VALUES (1, 0)");
  await holder.query("BEGIN; UPDATE hot SET n = n + 1");
  const sessions = await openSessions(server, waiters);
  const updates = sessions.map((session) => session.query("UPDATE hot SET n = n + 1").catch(() => undefined));
  const count = "SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  await waitUntil(async () => Number((await holder.query(count)).rows[0].n) === waiters, {
    what: `${waiters} waiters`,
    timeoutMs: 120_000,
  });
  return {
    close: async () => {
      await closeAll([holder, ...sessions]);
      await Promise.all(updates);
    },
  };
}

async function pileUpMysql(server: MysqlServer | MariadbServer, waiters: number, idlers: number) {
  const holder = await openSession(server);
  await holder.query("CREATE TABLE hot (id int PRIMARY KEY, n int)");
  await holder.query("INSERT INTO hot VALUES (1, 0)");
  await holder.query("START TRANSACTION");
  await holder.query("UPDATE hot SET n = n + 1");
  const idle = await openSessions(server, idlers);
  const sessions = await openSessions(server, waiters);
  const updates = sessions.map((session) => session.query("UPDATE hot SET n = n + 1").catch(() => undefined));
  const watcher = await openSession(server);
  const count = "SELECT count(*) AS n FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'";
  await waitUntil(async () => JSON.stringify((await watcher.query(count))[0]).includes(`:${waiters}}`), {
    what: `${waiters} waiters`,
    timeoutMs: 60_000,
    // The view is renewed only when nobody has read it for 100 ms.
    everyMs: 200,
  });
  return {
    close: async () => {
      await closeAll([holder, watcher, ...idle, ...sessions]);
      await Promise.all(updates);
    },
  };
}
