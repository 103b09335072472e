import { pause } from "./ordinary-work.ts";

interface Queryable {
  query(sql: string): Promise<unknown>;
}

/** Vacuumed and analyzed after what was written is counted: a session tells the server its counts only now and then. */
export async function settled(session: Queryable, tables: string): Promise<void> {
  await pause(1200);
  await session.query("SELECT 1");
  await session.query(`VACUUM ANALYZE ${tables}`);
}
