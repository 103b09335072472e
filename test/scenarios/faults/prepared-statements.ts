import { defineScenario, type MysqlFamily } from "../scenario.ts";

/** A client that prepares and never closes, until nobody can prepare any more. */
export const preparedStatementsFull = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "One application never closes its prepared statements: max_prepared_stmt_count is reached",
    tiers: ["immediate", "performance"],
    server: { settings: { "max-prepared-stmt-count": "120" } },
    make: async (stage) => {
      const [hoarder, other] = await stage.mySessions(2, stage.application());
      await hoarder?.query("CREATE TABLE carts (id int PRIMARY KEY)");
      for (let n = 0; n < 120; n += 1)
        await hoarder?.query(`PREPARE s${n} FROM 'SELECT id FROM carts WHERE id > ${n}'`);
      const refused = stage.number(4, 20);
      for (let n = 0; n < refused; n += 1) {
        await other?.query("PREPARE mine FROM 'SELECT 1'").catch(() => undefined);
      }
      return { culprits: [] };
    },
  });

/** The look-alike: a pool with a cache of statements for each connection, half of the limit. */
export const preparedStatementsCached = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "A pool keeps a cache of prepared statements on each connection, well below the limit",
    tiers: ["immediate", "performance"],
    server: { settings: { "max-prepared-stmt-count": "200" } },
    make: async (stage) => {
      const sessions = await stage.mySessions(stage.number(5, 8), stage.application());
      for (const session of sessions) {
        for (let n = 0; n < 16; n += 1) await session.query(`PREPARE s${n} FROM 'SELECT ${n} + ?'`);
      }
      return { culprits: [] };
    },
  });
