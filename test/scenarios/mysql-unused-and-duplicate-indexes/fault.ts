import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "A table that is written all day maintains an index nobody reads, and two that do the work of one",
  tiers: ["immediate", "performance", "health"],
  thresholds: { unusedIndexSeconds: 1 },
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.mySessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(
      `CREATE TABLE ${table} (id int PRIMARY KEY, customer int, placed date, code varchar(20),
        UNIQUE KEY ${table}_code (code), KEY ${table}_customer (customer), KEY ${table}_customer_placed (customer, placed),
        KEY ${table}_placed (placed))`,
    );
    const rows = stage.number(12, 18) * 1000;
    for (let from = 0; from < rows; from += 2000) {
      const values = Array.from({ length: 2000 }, (_, index) => {
        const id = from + index;
        return `(${id}, ${id % 700}, date '2026-01-01' + interval ${id % 200} day, 'code ${id}')`;
      });
      await session.query(`INSERT INTO ${table} VALUES ${values.join(", ")}`);
    }
    for (let turn = 0; turn < 50; turn += 1) {
      await session.query(`SELECT * FROM ${table} WHERE customer = ${turn} AND placed > '2026-02-01'`);
    }
    return { culprits: [] };
  },
});
