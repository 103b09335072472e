import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Log tables without a primary key, which a replica would have to read whole for every row deleted",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const tables = Array.from({ length: stage.number(2, 5) }, stage.table);
    const [session] = await stage.mySessions(1, stage.application());
    await session?.query("CREATE TABLE keyed (id int PRIMARY KEY, note varchar(20))");
    for (const table of tables) {
      await session?.query(`CREATE TABLE ${table} (at datetime, note varchar(40), KEY (at))`);
      const values = Array.from({ length: 1500 }, (_, index) => `(now(), 'event ${index}')`);
      await session?.query(`INSERT INTO ${table} VALUES ${values.join(", ")}`);
      await session?.query(`DELETE FROM ${table} WHERE note LIKE 'event 1%'`);
    }
    return { culprits: [] };
  },
});
