import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A driver without autocommit: after a deploy each request leaves its transaction open, two dozen by now",
  thresholds: { idleInTransactionSeconds: 2 },
  make: async (stage) => {
    const setup = await oneMy(stage, "migrations");
    await setup.query(
      "CREATE TABLE profiles (id int PRIMARY KEY, visits int NOT NULL, theme varchar(20) NOT NULL)",
    );
    await setup.query(`INSERT INTO profiles SELECT n, 0, 'light' FROM ${numbersTo(2000)}`);
    await ordinaryWork(stage);
    const pool = await stage.mySessions(6, stage.application());
    for (const one of pool) await one.query("SELECT 1");
    const requests = await stage.mySessions(stage.number(24, 27), stage.application());
    for (const [index, request] of requests.entries()) {
      await request.query("SET autocommit = 0");
      await request.query(`SELECT theme FROM profiles WHERE id = ${index + 1}`);
      if (index % 4 === 0)
        await request.query(`UPDATE profiles SET visits = visits + 1 WHERE id = ${index + 1}`);
    }
    await setup.query("SELECT SLEEP(6)");
    return { culprits: requests.map(idOf) };
  },
});
