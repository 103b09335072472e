<<<<<<< HEAD
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";
=======
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
>>>>>>> pa31

export const scenario = defineScenario({
  engine: "postgres",
  title:
<<<<<<< HEAD
    "A DBA builds an index CONCURRENTLY: not valid yet because it is still being built, slow, and in nobody's way",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE FUNCTION plate_key(plate int) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $f$
      DECLARE k text := plate::text; BEGIN FOR i IN 1..1500 LOOP k := md5(k); END LOOP; RETURN k; END $f$`);
    await setup.query(`CREATE TABLE toll_passages (id int PRIMARY KEY, plate int NOT NULL, gate varchar(20) NOT NULL);
      INSERT INTO toll_passages SELECT n, n * 17, 'gate ' || n % 40 FROM generate_series(1, 120000) n`);
    await settled(setup, "toll_passages");
    const builder = await onePg(stage, "psql");
    stage.leave(
      builder.query("CREATE INDEX CONCURRENTLY toll_passages_plate_key ON toll_passages (plate_key(plate))"),
    );
    const building =
      "SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'building index%' AND command = 'CREATE INDEX CONCURRENTLY'";
    await waitUntil(async () => (await setup.query(building)).rowCount === 1, { what: "the index is built" });
    await pause(11_000);
=======
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
>>>>>>> pa31
    return { culprits: [] };
  },
});
