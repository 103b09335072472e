import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: a unique index that no query reads still keeps double orders out",
  tiers: ["immediate", "performance", "health"],
  thresholds: { unusedIndexSeconds: 0.2 },
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.pgSessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, code text NOT NULL, region int, n int)`);
    await session.query(`CREATE UNIQUE INDEX ${table}_code ON ${table} (code)`);
    // Unique, and the leading columns of a wider one: only the narrow one says what must be unique.
    await session.query(`CREATE INDEX ${table}_code_region ON ${table} (code, region)`);
    await session.query(
      `INSERT INTO ${table} SELECT n, 'code ' || n, n % 9, 0 FROM generate_series(1, ${stage.number(50, 80)} * 1000) n`,
    );
    await session.query(`ANALYZE ${table}`);
    await session.query("SET enable_seqscan = off");
    for (let turn = 1; turn <= 150; turn += 1) {
      await session.query(`SELECT region FROM ${table} WHERE code = 'code ${turn}' AND region >= 0`);
      await session.query(`SELECT count(*) FROM ${table} WHERE code > 'code 9999' AND region = 3`);
      if (turn === 3) await session.query(`ANALYZE ${table}`);
    }
    await session.end();
    return { culprits: [] };
  },
});
