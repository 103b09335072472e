import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A busy integer key at half its numbers, a bigint past what integers hold, and a counter that cycles",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const [one, other, third] = [stage.table(), stage.table(), stage.table()];
    const writers = await stage.pgSessions(stage.number(2, 4), stage.application());
    const [setup] = writers;
    await setup?.query(`CREATE TABLE ${one} (id serial PRIMARY KEY, note int)`);
    await setup?.query(
      `CREATE TABLE ${other} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note int)`,
    );
    await setup?.query(`CREATE SEQUENCE ${third}_turns AS int MAXVALUE 100 CYCLE`);
    await setup?.query(`CREATE TABLE ${third} (turn int DEFAULT nextval('${third}_turns'), note int)`);
    await setup?.query(
      `SELECT setval(pg_get_serial_sequence('${one}', 'id'), ${1_000_000_000 + stage.number(1, 90_000_000)})`,
    );
    await setup?.query(`SELECT setval(pg_get_serial_sequence('${other}', 'id'), 3000000000)`);
    await setup?.query(`SELECT setval('${third}_turns', 99)`);
    await keepRunning(stage, writers, 200, async (session, turn) => {
      const table = [one, other, third][turn % 3];
      await session.query(`INSERT INTO ${table} (note) VALUES ($1)`, [turn]);
      await session.query("SELECT pg_sleep(0.01)");
    });
    return { culprits: [] };
  },
});
