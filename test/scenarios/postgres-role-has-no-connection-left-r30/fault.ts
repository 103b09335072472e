import { openSession } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The application's role may have 26 connections (ALTER ROLE … CONNECTION LIMIT) and more pods came: the server has room, the role has none, and new pods are refused",
  majors: [17],
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 120 },
  make: async (stage) => {
    const admin = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "terraform" });
    await admin.query("ALTER ROLE shop CONNECTION LIMIT 26");
    await admin.end();
    await ordinaryWork(stage);
    const setup = await onePg(stage, "basket-api");
    await setup.query(
      `CREATE TABLE basket_lines (id int PRIMARY KEY, sku varchar(20) NOT NULL, quantity int NOT NULL);
       INSERT INTO basket_lines SELECT n, 'sku-' || n, 1 + n % 5 FROM generate_series(1, 20000) AS n`,
    );
    await settled(setup, "basket_lines");
    const pool = [setup, ...(await stage.pgSessions(23, "basket-api"))];
    await keepRunning(stage, pool, 120, async (client, turn) => {
      await client.query("SELECT sku, quantity FROM basket_lines WHERE id = $1", [1 + (turn % 20000)]);
      if (turn % 7 === 0) {
        await client.query("UPDATE basket_lines SET quantity = quantity + 1 WHERE id = $1", [
          1 + (turn % 20000),
        ]);
      }
      await pause(120);
    });
    let refused = 0;
    await keepRunning(stage, [1, 2, 3], 40, async () => {
      const opened = await openSession(stage.postgres(), {
        user: "shop",
        applicationName: "basket-api",
      }).catch(() => undefined);
      if (opened === undefined) refused += 1;
      await opened?.end();
      await pause(150);
    });
    if (refused < 30) throw new Error(`only ${refused} were refused`);
    return { culprits: [] };
  },
});
