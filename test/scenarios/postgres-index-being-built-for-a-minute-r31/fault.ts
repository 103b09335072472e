import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Nothing: a deploy builds an index CONCURRENTLY for more than a minute; it is not valid yet, and nobody waits",
  majors: [14, 16, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const migration = await onePg(stage, "rails db:migrate");
    await migration.query(`CREATE FUNCTION address_key(address text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
      DECLARE answer text := address;
      BEGIN FOR turn IN 1..4000 LOOP answer := md5(answer || address); END LOOP; RETURN answer; END $$`);
    await migration.query(
      "CREATE TABLE deliveries (id int PRIMARY KEY, address varchar(60) NOT NULL, touched int NOT NULL)",
    );
    await migration.query(
      "INSERT INTO deliveries SELECT n, 'Street ' || n, 0 FROM generate_series(1, 100000) AS n",
    );
    await migration.query("VACUUM ANALYZE deliveries");
    const clients = await stage.pgSessions(4, "courier-app");
    await keepRunning(stage, clients, 20, async (client, turn) => {
      const id = 1 + ((turn * 31) % 100_000);
      await client.query(`SELECT address FROM deliveries WHERE id = ${id}`);
      if (turn % 9 === 0) await client.query(`UPDATE deliveries SET touched = touched + 1 WHERE id = ${id}`);
      await pause(40);
    });
    stage.leave(
      migration.query(
        "CREATE INDEX CONCURRENTLY deliveries_address_key ON deliveries (address_key(address))",
      ),
    );
    await pause(66_000);
    return { culprits: [] };
  },
});
