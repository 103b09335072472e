import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A foreign key was added NOT VALID over rows whose parents are gone, and never validated",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [parent, child] = [stage.table(), stage.table()];
    const [session] = await stage.pgSessions(1, stage.application());
    const orphans = stage.number(3, 40);
    await session?.query(`CREATE TABLE ${parent} (id int PRIMARY KEY)`);
    await session?.query(`INSERT INTO ${parent} SELECT n FROM generate_series(1, 500) n`);
    await session?.query(`CREATE TABLE ${child} (id int PRIMARY KEY, parent_id int)`);
    await session?.query(`CREATE INDEX ON ${child} (parent_id)`);
    await session?.query(
      `INSERT INTO ${child} SELECT n, CASE WHEN n <= ${orphans} THEN 100000 + n WHEN n % 7 > 0 THEN 1 + n % 500 END FROM generate_series(1, 3000) n`,
    );
    await session?.query(
      `ALTER TABLE ${child} ADD CONSTRAINT ${child}_parent FOREIGN KEY (parent_id) REFERENCES ${parent} (id) NOT VALID`,
    );
    await session?.query(`ANALYZE ${parent}, ${child}`);
    return { culprits: [] };
  },
});
