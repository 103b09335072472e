import type { Stage } from "../stage.ts";
import { keepRunning } from "./keep-running.ts";

interface Queryable {
  query(sql: string): Promise<unknown>;
}

/** What every server has beside its fault: a few clients that read and write rows of their own by primary key. */
export async function ordinaryWork(stage: Stage, clients = 2): Promise<void> {
  const table = stage.table();
  const name = stage.application();
  const isPostgres = stage.server.engine === "postgres";
  const sessions: readonly Queryable[] = isPostgres
    ? await stage.pgSessions(clients, name)
    : await stage.mySessions(clients, name);
  const [setup] = sessions;
  await setup?.query(
    `CREATE TABLE ${table} (id int PRIMARY KEY, title varchar(60) NOT NULL, seen int NOT NULL)`,
  );
  const rows = Array.from({ length: 400 }, (_, index) => `(${index + 1}, 'article ${index * 37}', 0)`);
  await setup?.query(`INSERT INTO ${table} VALUES ${rows.join(", ")}`);
  await keepRunning(stage, sessions, 20, async (client, turn) => {
    // A client's own rows, so that nobody waits for anybody.
    const id = 1 + (turn % 400);
    await client.query(`SELECT title, seen FROM ${table} WHERE id = ${id}`);
    if (turn % 5 === 0) await client.query(`UPDATE ${table} SET seen = seen + 1 WHERE id = ${id}`);
    await pause(25);
  });
}

/** A client that does something else for a while. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
