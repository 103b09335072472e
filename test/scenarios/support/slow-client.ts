import { createConnection } from "mysql2";
import { labUrl } from "../../lab/engines/lab-server.ts";
import type { Stage } from "../stage.ts";

export interface SlowClient {
  readonly id: number;
  query(sql: string): Promise<unknown>;
  /** Asks and takes a row now and then: the server waits with the rest until its client reads on, as behind a slow pipe. */
  readSlowly(sql: string, everyMs: number): void;
}

/** One session of the application user `shop` whose client takes its time over what it is given. */
export async function slowClient(stage: Stage, program: string): Promise<SlowClient> {
  const { engine, port } = stage.mysql();
  const connection = createConnection({
    uri: labUrl(engine, port, "shop"),
    connectAttributes: { program_name: program },
  });
  connection.on("error", () => undefined);
  stage.cleanUp(async () => connection.destroy());
  const asked = connection.promise();
  await asked.query("SELECT 1");
  return {
    id: connection.threadId,
    query: (sql) => asked.query(sql),
    readSlowly: (sql, everyMs) => {
      const rows = connection.query(sql).stream({ highWaterMark: 4 });
      rows.on("error", () => undefined);
      rows.on("data", () => {
        rows.pause();
        setTimeout(() => rows.resume(), everyMs).unref();
      });
    },
  };
}
