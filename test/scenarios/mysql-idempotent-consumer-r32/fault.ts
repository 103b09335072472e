import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "Harmless: a consumer of a queue that delivers twice writes each event by its id and takes 1062 for an answer; every fifth insert is refused, as it is meant",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const setup = await oneMy(stage, "migrate");
    await setup.query(
      `CREATE TABLE ${table} (event_id bigint PRIMARY KEY, kind varchar(20) NOT NULL, at datetime NOT NULL)`,
    );
    await setup.end();
    await ordinaryWork(stage, 3);
    const consumers = await stage.mySessions(2, stage.application());
    await keepRunning(stage, consumers, 120, async (session, turn) => {
      // The queue delivers every fifth message once more.
      const insert = (id: number) =>
        session.query(`INSERT INTO ${table} VALUES (${id}, 'paid', NOW())`).catch(() => undefined);
      await insert(1000 + turn);
      await session.query(`SELECT kind FROM ${table} WHERE event_id = ${1000 + turn}`);
      if (turn % 5 === 0) await insert(1000 + turn);
      await pause(70);
    });
    return { culprits: [] };
  },
});
