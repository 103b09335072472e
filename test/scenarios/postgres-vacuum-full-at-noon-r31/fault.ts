import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Somebody gives disk space back with VACUUM FULL at noon, and the shop waits for the whole table",
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    const key = (rounds: number): string => `CREATE OR REPLACE FUNCTION receipt_key(receipt int) RETURNS text
      LANGUAGE plpgsql IMMUTABLE AS $f$ DECLARE k text := receipt::text; BEGIN
      FOR i IN 1..${rounds} LOOP k := md5(k); END LOOP; RETURN k; END $f$`;
    await setup.query(key(1));
    await setup.query(`CREATE TABLE receipts (id int PRIMARY KEY, total int NOT NULL, note varchar(100) NOT NULL);
      INSERT INTO receipts SELECT n, n % 900, repeat(md5(n::text), 2) FROM generate_series(1, 160000) n;
      CREATE INDEX receipts_key ON receipts (receipt_key(id))`);
    await setup.query("DELETE FROM receipts WHERE id % 4 = 0");
    await setup.query("VACUUM ANALYZE receipts");
    // What it costs to build the index again, on a table that is small here.
    await setup.query(key(1500));
    const cleaner = await onePg(stage, "psql");
    const culprit = await pidOf(cleaner);
    stage.leave(cleaner.query("VACUUM FULL receipts"));
    const shops = await stage.pgSessions(8, "till");
    await shops[0]?.query("SELECT pg_sleep(0.5)");
    for (const [index, shop] of shops.entries()) {
      const id = index * 4 + 1;
      stage.leave(
        index % 2 === 0
          ? shop.query("SELECT total, note FROM receipts WHERE id = $1", [id])
          : shop.query("UPDATE receipts SET total = total + 1 WHERE id = $1", [id]),
      );
    }
    await pgWaiting(stage, 8, 13);
    return { culprits: [culprit] };
  },
});
