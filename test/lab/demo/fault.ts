import * as z from "zod";
import type { MariadbServer, MysqlServer, PostgresServer } from "../engines/lab-server.ts";
import { closeAll, openSession, openSessions, waitUntil } from "../engines/sql.ts";

export interface Fault {
  /** What was done, for the terminal. */
  readonly says: string;
  /** The session that the responder ought to end. */
  readonly culprit: number;
  /** Resolves when every waiter got what it waited for. */
  readonly drained: Promise<void>;
  close(): Promise<void>;
}

const waiters = 40;

/** A checkout that updated one order and went idle without a commit; forty sessions want the same row. */
export async function rowHeldByIdleTransaction(server: PostgresServer): Promise<Fault> {
  const holder = await openSession(server, { user: "shop", applicationName: "checkout" });
  const culprit = Number((await holder.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
  await holder.query("BEGIN");
  await holder.query("UPDATE orders SET status = 'paying' WHERE id = 1");
  const sessions = await openSessions(server, waiters, { user: "shop", applicationName: "storefront" });
  const statements = sessions.map((session) =>
    session.query("UPDATE orders SET total = total + 1 WHERE id = 1"),
  );
  const drained = Promise.all(statements).then(() => undefined);
  drained.catch(() => undefined);
  return {
    says: `checkout (pid ${culprit}) updated order 1 and sits idle in its transaction; ${waiters} sessions want that row`,
    culprit,
    drained,
    close: () => closeAll([holder, ...sessions]),
  };
}

/** A report that reads and keeps its transaction open, an ALTER TABLE behind it, and forty readers behind that. */
export async function metadataLockQueue(server: MysqlServer | MariadbServer): Promise<Fault> {
  const reader = await openSession(server, { user: "shop", applicationName: "nightly-report" });
  await reader.query("START TRANSACTION");
  await reader.query("SELECT count(*) FROM orders");
  const ddl = await openSession(server, { user: "shop", applicationName: "migration" });
  const culprit = ddl.threadId ?? 0;
  const altered = ddl.query("ALTER TABLE orders ADD COLUMN note varchar(40)").catch(() => undefined);
  const monitor = await openSession(server);
  await waitUntil(async () => (await waitingForMetadata(monitor)) >= 1, {
    what: "the ALTER TABLE to wait for its metadata lock",
    timeoutMs: 10_000,
  });
  const sessions = await openSessions(server, waiters, { user: "shop", applicationName: "storefront" });
  const statements = sessions.map((session) => session.query("SELECT total FROM orders WHERE id = 7"));
  const drained = Promise.all(statements).then(() => undefined);
  drained.catch(() => undefined);
  return {
    says: `nightly-report keeps a read transaction open, ALTER TABLE orders (connection ${culprit}) queues behind it, ${waiters} readers queue behind that`,
    culprit,
    drained,
    close: async () => {
      await closeAll([reader, ddl, monitor, ...sessions]);
      await altered;
    },
  };
}

async function waitingForMetadata(monitor: Awaited<ReturnType<typeof openSession>>): Promise<number> {
  const [rows] = await monitor.query(
    "SELECT count(*) AS n FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock'",
  );
  return z.array(z.object({ n: z.coerce.number() })).parse(rows)[0]?.n ?? 0;
}
