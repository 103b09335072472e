import { isMysql, isPostgres } from "../demo/database.ts";
import type { LabServer } from "../engines/lab-server.ts";
import { closeAll, openSession } from "../engines/sql.ts";

export interface HeldRow {
  /** The session that ought to be ended: its backend's pid or thread's id. */
  readonly culprit: number;
  /** Whether every waiting session has got the row. */
  isReleased(): boolean;
  close(): Promise<void>;
}

interface Session {
  readonly id: number;
  query(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

const waiters = 4;

/** A checkout that updated one order and sits idle in its transaction; a few sessions want the same row. */
export async function holdRow(server: LabServer): Promise<HeldRow> {
  const holder = await openShop(server, "checkout");
  await holder.query("BEGIN");
  await holder.query("UPDATE orders SET status = 'paying' WHERE id = 1");
  const waiting = await Promise.all(Array.from({ length: waiters }, () => openShop(server, "storefront")));
  const updates = waiting.map(({ query }) => query("UPDATE orders SET total = total + 1 WHERE id = 1"));
  let released = false;
  Promise.all(updates).then(
    () => {
      released = true;
    },
    // Closed while they waited.
    () => undefined,
  );
  const close = async (): Promise<void> => {
    await Promise.all([holder, ...waiting].map((session) => session.close()));
  };
  return { culprit: holder.id, isReleased: () => released, close };
}

async function openShop(server: LabServer, applicationName: string): Promise<Session> {
  const options = { user: "shop", applicationName } as const;
  if (isPostgres(server)) {
    const client = await openSession(server, options);
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    return { id: Number(rows[0].pid), query: (sql) => client.query(sql), close: () => closeAll([client]) };
  }
  if (!isMysql(server)) throw new Error(`no fault for ${server.engine}`);
  const connection = await openSession(server, options);
  await connection.query("SET innodb_lock_wait_timeout = 600");
  return {
    id: connection.threadId ?? 0,
    query: (sql) => connection.query(sql),
    close: () => closeAll([connection]),
  };
}
