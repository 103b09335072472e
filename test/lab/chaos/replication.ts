import { once } from "./session.ts";
import type { Stage } from "./stage.ts";

/** It goes on receiving, and applies nothing any more. */
export async function pauseApplying({ engine, lab }: Stage, id: string): Promise<void> {
  const statement = {
    postgres: "select pg_wal_replay_pause()",
    mysql: "stop replica sql_thread",
    mariadb: "stop slave sql_thread",
  }[engine];
  const port = lab.database(id).node.port() ?? 0;
  const database = engine === "postgres" ? "postgres" : "app";
  await once(engine, { host: "127.0.0.1", port }, "rdsadmin", [statement], database);
}
