import type { LabServer } from "../engines/lab-server.ts";
import { closeAll, openSession } from "../engines/sql.ts";
import { isMysql, isPostgres } from "./database.ts";

export interface Workload {
  stop(): Promise<void>;
}

const pauseMs = 40;

/** A few sessions that read and write orders all the time, as an application does. They stay off the contested row. */
export async function startWorkload(server: LabServer, sessions = 4): Promise<Workload> {
  let running = true;
  const opened = await Promise.all(Array.from({ length: sessions }, () => openOne(server)));
  const loops = opened.map(async ({ query }, index) => {
    for (let turn = 0; running; turn += 1) {
      const id = 50 + ((turn * 7 + index * 31) % 150);
      await query(`UPDATE orders SET total = total + 1 WHERE id = ${id}`).catch(() => undefined);
      await query(`SELECT status, total FROM orders WHERE id = ${id}`).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  });
  return {
    stop: async () => {
      running = false;
      await Promise.race([Promise.all(loops), new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
      await Promise.all(opened.map(({ close }) => close()));
    },
  };
}

async function openOne(
  server: LabServer,
): Promise<{ query(sql: string): Promise<unknown>; close(): Promise<void> }> {
  const options = { user: "shop", applicationName: "web" } as const;
  if (isPostgres(server)) {
    const client = await openSession(server, options);
    return { query: (sql) => client.query(sql), close: () => closeAll([client]) };
  }
  if (!isMysql(server)) throw new Error(`no workload on ${server.engine}`);
  const connection = await openSession(server, options);
  return { query: (sql) => connection.query(sql), close: () => closeAll([connection]) };
}
