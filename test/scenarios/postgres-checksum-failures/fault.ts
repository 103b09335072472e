import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A page on storage is not what the server wrote; every statement that reads it fails",
  tiers: ["immediate", "performance", "health"],
  // Checksums are on by default since 18; RDS has them on everywhere.
  majors: [18],
  server: { settings: { shared_buffers: "1MB" } },
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.pgSessions(1, stage.application());
    const admin = await openSession(stage.postgres(), { user: "rdsadmin" });
    stage.cleanUp(() => admin.end());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int, note text)`);
    await session.query(`INSERT INTO ${table} SELECT n, repeat('x', 100) FROM generate_series(1, 2000) n`);
    const { path } = (await admin.query(`SELECT pg_relation_filepath('${table}') AS path`)).rows[0];
    await admin.query("CHECKPOINT");
    // More than the cache holds, so that the page has to be read from storage again.
    await session.query("CREATE TABLE filler (note text)");
    await session.query("INSERT INTO filler SELECT repeat('y', 900) FROM generate_series(1, 5000) n");
    damage(join(stage.postgres().dataDir, String(path)), stage.number(2, 9));
    const failures = stage.number(2, 5);
    for (let turn = 0; turn < failures; turn += 1) {
      const failed = await session
        .query(`SELECT count(*) FROM ${table}`)
        .then(() => false)
        .catch(() => true);
      if (!failed) throw new Error("the damaged page was read without an error");
    }
    await session.end();
    return { culprits: [] };
  },
});

function damage(file: string, page: number): void {
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.alloc(64, 0x5a), 0, 64, page * 8192 + 4000);
  closeSync(handle);
}
