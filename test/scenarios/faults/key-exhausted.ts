import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";

/** An int key at its last value, and an application that goes on inserting and takes the error for its own fault. */
export const keyExhausted = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "The numbers of an int key are used up: every INSERT fails, and nothing else looks unwell",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const table = stage.table();
      const [session] = await stage.mySessions(stage.number(2, 6), stage.application());
      await session?.query(`CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, note varchar(40))`);
      await session?.query(`INSERT INTO ${table} VALUES (2147483646, 'nearly'), (2147483647, 'the last')`);
      const tries = stage.number(20, 60);
      let failed = 0;
      await waitUntil(
        async () => {
          await session?.query(`INSERT INTO ${table} (note) VALUES ('one more')`).catch(() => {
            failed += 1;
          });
          return failed >= tries;
        },
        { what: "inserts to fail" },
      );
      return { culprits: [] };
    },
  });

/** The look-alike: past what an int holds and in an unsigned one, a third of the numbers of others gone. */
export const keyHalfUsed = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "A busy key past two billion in an unsigned column, and a bigint with as many: room for years",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const [one, other] = [stage.table(), stage.table()];
      const [session] = await stage.mySessions(stage.number(2, 6), stage.application());
      await session?.query(`CREATE TABLE ${one} (id int unsigned AUTO_INCREMENT PRIMARY KEY, note int)`);
      await session?.query(`CREATE TABLE ${other} (id bigint AUTO_INCREMENT PRIMARY KEY, note int)`);
      const from = 2_200_000_000 + stage.number(1, 900_000);
      for (const table of [one, other]) {
        await session?.query(`INSERT INTO ${table} VALUES (${from}, 1)`);
        for (let n = 0; n < 30; n += 1) await session?.query(`INSERT INTO ${table} (note) VALUES (${n})`);
      }
      return { culprits: [] };
    },
  });
