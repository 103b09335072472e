import { defineScenario } from "../scenario.ts";
import { nowAndThen } from "../support/now-and-then.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "An importer brings the keys of another system; the sequence stands at 1 and nobody asks it",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [importer, client] = await stage.pgSessions(2, stage.application());
    if (importer === undefined || client === undefined) throw new Error("no session");
    const rows = stage.number(20_000, 40_000);
    await importer.query(`CREATE TABLE ${table} (id bigserial PRIMARY KEY, state text NOT NULL, amount int)`);
    await importer.query(
      `INSERT INTO ${table} SELECT n, 'paid', n % 90 FROM generate_series(1, ${rows}) AS n`,
    );
    await importer.query("SELECT pg_sleep(1.2)");
    await importer.query(`ANALYZE ${table}`);
    await nowAndThen(stage, client, async (session, turn) => {
      await session.query(`SELECT amount FROM ${table} WHERE id = ${1 + ((turn * 31) % rows)}`);
      await session.query(
        `INSERT INTO ${table} VALUES (${rows + 1 + turn}, 'new', 3) ON CONFLICT DO NOTHING`,
      );
    });
    return { culprits: [] };
  },
});
