import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A report builder left an index on every column: all writes maintain them, one of them is used",
  tiers: ["immediate", "performance", "health"],
  thresholds: { unusedIndexSeconds: 0.2 },
  make: async (stage) => {
    const table = stage.table();
    const columns = Array.from({ length: stage.number(5, 8) }, (_, index) => `attribute_${index}`);
    const [session] = await stage.pgSessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, ${columns.map((column) => `${column} int`).join(", ")})`,
    );
    for (const column of columns) await session.query(`CREATE INDEX ON ${table} (${column})`);
    const values = columns.map((_, index) => `(n * ${index + 7}) % 50000`).join(", ");
    await session.query(`INSERT INTO ${table} SELECT n, ${values} FROM generate_series(1, 80000) n`);
    await session.query(`ANALYZE ${table}`);
    await session.query("SET enable_seqscan = off");
    for (let turn = 1; turn <= 150; turn += 1) {
      await session.query(`SELECT count(*) FROM ${table} WHERE attribute_0 = ${turn}`);
    }
    // A session reports what it has counted when it ends.
    await session.end();
    const monitor = await openSession(stage.postgres());
    stage.cleanUp(() => monitor.end());
    const scans = `SELECT pg_stat_get_numscans('${table}_attribute_0_idx'::regclass)::int AS n`;
    await waitUntil(async () => Number((await monitor.query(scans)).rows[0].n) >= 150, {
      what: "the scans to be counted",
    });
    return { culprits: [] };
  },
});
