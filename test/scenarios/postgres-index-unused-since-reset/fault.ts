import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: statistics were reset a moment ago, so an index that every query uses shows no scan",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.pgSessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, customer int, note text)`);
    await session.query(
      `INSERT INTO ${table} SELECT n, n % 40000, repeat('x', 40) FROM generate_series(1, ${stage.number(60, 90)} * 1000) n`,
    );
    await session.query(`CREATE INDEX ${table}_customer ON ${table} (customer)`);
    await session.query(`ANALYZE ${table}`);
    await session.query("SET enable_seqscan = off");
    for (let turn = 1; turn <= 300; turn += 1) {
      await session.query(`SELECT count(*) FROM ${table} WHERE customer = ${turn}`);
    }
    await session.end();
    const admin = await openSession(stage.postgres(), { user: "rdsadmin" });
    stage.cleanUp(() => admin.end());
    const scanned = async (): Promise<number> => {
      const sql = `SELECT pg_stat_get_numscans('${table}_customer'::regclass)::int AS n`;
      return Number((await admin.query(sql)).rows[0].n);
    };
    await waitUntil(async () => (await scanned()) >= 300, { what: "the scans to be counted" });
    await admin.query("SELECT pg_stat_reset()");
    await waitUntil(async () => (await scanned()) === 0, { what: "the reset" });
    return { culprits: [] };
  },
});
