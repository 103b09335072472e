import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "SELECT ... JOIN merchants ... FOR UPDATE without OF locks the merchant's row too: parcels of one merchant go one after the other",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const parcels = stage.number(9000, 12_000);
    await owner.query(`CREATE TABLE merchants (id int PRIMARY KEY, name varchar(40) NOT NULL, plan varchar(10) NOT NULL);
      INSERT INTO merchants SELECT n, 'merchant ' || n, 'basic' FROM generate_series(1, 60) n;
      CREATE TABLE parcels (id int PRIMARY KEY, merchant_id int NOT NULL REFERENCES merchants, state varchar(12) NOT NULL, weighed int NOT NULL);
      INSERT INTO parcels SELECT n, CASE WHEN n % 10 < 8 THEN 17 ELSE 1 + n % 60 END, 'new', 0 FROM generate_series(1, ${parcels}) n;
      CREATE INDEX ON parcels (merchant_id)`);
    await owner.query("VACUUM (ANALYZE) merchants, parcels");
    await ordinaryWork(stage, 3);
    const clients = await stage.pgSessions(14, "parcel-sorter");
    await keepRunning(stage, clients, 40, async (client, turn) => {
      // Each takes a parcel of its own; nearly all are of the one merchant who has his sale tonight.
      const id = 10 * (1 + (turn % 800)) + (turn % 7);
      await client.query("BEGIN");
      await client.query(
        "SELECT p.id, p.state, m.plan FROM parcels p JOIN merchants m ON m.id = p.merchant_id WHERE p.id = $1 FOR UPDATE",
        [id],
      );
      await pause(90);
      await client.query("UPDATE parcels SET weighed = weighed + 1, state = 'sorted' WHERE id = $1", [id]);
      await pause(40);
      await client.query("COMMIT");
    });
    await pause(3000);
    return { culprits: [] };
  },
});
