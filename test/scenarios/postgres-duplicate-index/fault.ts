import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Two migrations made the same index under two names, a third one a narrower one",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const tables = Array.from({ length: stage.number(1, 3) }, stage.table);
    const [session] = await stage.pgSessions(1, stage.application());
    for (const table of tables) {
      await session?.query(
        `CREATE TABLE ${table} (id int PRIMARY KEY, customer int, placed date, note text)`,
      );
      await session?.query(`CREATE INDEX ${table}_customer_placed ON ${table} (customer, placed)`);
      await session?.query(`CREATE INDEX ${table}_by_customer_placed ON ${table} (customer, placed)`);
      await session?.query(`CREATE INDEX ${table}_customer ON ${table} (customer)`);
      // None of these does the work of another: order, predicate and expression differ.
      await session?.query(`CREATE INDEX ON ${table} (placed, customer)`);
      await session?.query(`CREATE INDEX ON ${table} (placed) WHERE note IS NOT NULL`);
      await session?.query(`CREATE INDEX ON ${table} (lower(note))`);
      await session?.query(
        `INSERT INTO ${table} SELECT n, n % 50, date '2026-01-01' + n % 300, 'n' FROM generate_series(1, 5000) n`,
      );
      await session?.query(`ANALYZE ${table}`);
    }
    return { culprits: [] };
  },
});
