import { openSession } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The password of the application's role ran out (VALID UNTIL, its lease was not renewed): open sessions go on, nobody new gets in",
  majors: [18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "storefront-old-pods");
    await setup.query(
      `CREATE TABLE wish_lists (id int PRIMARY KEY, owner int NOT NULL, note varchar(60) NOT NULL);
       INSERT INTO wish_lists SELECT n, n % 700, 'wish ' || n FROM generate_series(1, 9000) AS n`,
    );
    await keepRunning(stage, [setup], 5, async (client, turn) => {
      await client.query("SELECT note FROM wish_lists WHERE id = $1", [1 + (turn % 9000)]);
      await pause(60);
    });
    const vault = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "vault" });
    await vault.query(
      `DO $$ BEGIN EXECUTE format('ALTER ROLE shop VALID UNTIL %L', now() - interval '40 minutes'); END $$`,
    );
    await vault.end();
    let refused = 0;
    await keepRunning(stage, [1, 2, 3, 4], 60, async () => {
      const opened = await openSession(stage.postgres(), {
        user: "shop",
        applicationName: "storefront-new-pods",
      }).catch(() => undefined);
      if (opened === undefined) refused += 1;
      await opened?.end();
      await pause(200);
    });
    if (refused < 55) throw new Error(`only ${refused} were refused`);
    return { culprits: [] };
  },
});
