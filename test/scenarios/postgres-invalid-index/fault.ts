import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A unique index was built CONCURRENTLY over rows that are not unique, failed, and was forgotten",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.pgSessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, mail text)`);
    await session.query(
      `INSERT INTO ${table} SELECT n, 'person' || n % ${stage.number(900, 1900)} FROM generate_series(1, 2000) n`,
    );
    await session.query(`ANALYZE ${table}`);
    const failed = await session
      .query(`CREATE UNIQUE INDEX CONCURRENTLY ${table}_mail ON ${table} (mail)`)
      .then(() => false)
      .catch(() => true);
    if (!failed) throw new Error("the index should not have been possible");
    return { culprits: [] };
  },
});
