import { Socket } from "node:net";
import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import type { Stage } from "../stage.ts";

/**
 * What pg_dump does for hours: one snapshot, ACCESS SHARE on every table, and a COPY whose client takes no more for now
 * (it compresses, or its pipe is slow). The table copied must be larger than what sockets buffer.
 */
export async function dumpRunning(
  stage: Stage,
  tables: readonly string[],
  copied: string,
  columns: string,
): Promise<number> {
  const socket = new Socket();
  const dump = new Client({
    connectionString: labUrl("postgres", stage.server.port, "shop"),
    application_name: "pg_dump",
    stream: () => socket,
  });
  dump.on("error", () => undefined);
  stage.cleanUp(async () => socket.destroy());
  await dump.connect();
  const pid = Number((await dump.query("SELECT pg_backend_pid() AS pid")).rows[0].pid);
  await dump.query("BEGIN");
  await dump.query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  await dump.query(`LOCK TABLE ${tables.map((table) => `public.${table}`).join(", ")} IN ACCESS SHARE MODE`);
  stage.leave(dump.query(`COPY public.${copied} (${columns}) TO stdout`));
  socket.pause();
  const [watcher] = await stage.pgSessions(1, "watcher");
  await waitUntil(
    async () => {
      const sql = `SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'ClientWrite'`;
      return (await watcher?.query(sql))?.rowCount === 1;
    },
    { what: "the dump waits for its client" },
  );
  return pid;
}
