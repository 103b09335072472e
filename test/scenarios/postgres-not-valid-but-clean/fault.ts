import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Look-alike: constraints added NOT VALID, forgotten, but every row keeps them",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [parent, child] = [stage.table(), stage.table()];
    const [session] = await stage.pgSessions(1, stage.application());
    await session?.query(`CREATE TABLE ${parent} (id int PRIMARY KEY)`);
    await session?.query(`INSERT INTO ${parent} SELECT n FROM generate_series(1, 500) n`);
    await session?.query(`CREATE TABLE ${child} (id int PRIMARY KEY, parent_id int, n int)`);
    await session?.query(`CREATE INDEX ON ${child} (parent_id)`);
    const rows = stage.number(2000, 4000);
    await session?.query(
      `INSERT INTO ${child} SELECT n, CASE WHEN n % 5 > 0 THEN 1 + n % 500 END, n FROM generate_series(1, ${rows}) n`,
    );
    await session?.query(
      `ALTER TABLE ${child} ADD CONSTRAINT ${child}_parent FOREIGN KEY (parent_id) REFERENCES ${parent} (id) NOT VALID`,
    );
    await session?.query(`ALTER TABLE ${child} ADD CONSTRAINT ${child}_n CHECK (n > 0) NOT VALID`);
    await session?.query(`ANALYZE ${parent}, ${child}`);
    return { culprits: [] };
  },
});
