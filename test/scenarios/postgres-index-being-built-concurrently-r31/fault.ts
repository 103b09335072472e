import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
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
    return { culprits: [] };
  },
});
