import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Look-alike: the server has just started, so an index that is needed once a week shows no read",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.mySessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, week int, KEY ${table}_week (week))`);
    for (let from = 0; from < stage.number(11, 15) * 1000; from += 1000) {
      const values = Array.from({ length: 1000 }, (_, index) => `(${from + index}, ${index % 52})`);
      await session.query(`INSERT INTO ${table} VALUES ${values.join(", ")}`);
    }
    await session.query(`SELECT * FROM ${table} WHERE id = 7`);
    return { culprits: [] };
  },
});
