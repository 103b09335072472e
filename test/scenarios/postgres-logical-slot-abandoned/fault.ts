import { Client } from "pg";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A logical slot that nobody reads keeps the system catalogues full of dead rows; no table of users suffers",
  tiers: ["immediate", "performance"],
  // From 17 on a slot says since when nobody has used it.
  majors: [17, 18],
  server: { settings: { wal_level: "logical" } },
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await admin.query(
      `SELECT pg_create_logical_replication_slot('cdc_${stage.application()}', 'test_decoding')`,
    );
    const [idle, spare] = await stage.pgSessions(2, stage.application());
    await idle?.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await idle?.query("SELECT 1");
    await spare?.query("SELECT pg_sleep(5)");
    const columns = Array.from({ length: 40 }, (_, at) => `c${at} int`).join(", ");
    for (let turn = 0; turn < stage.number(350, 400); turn += 1) {
      await spare?.query(`CREATE TABLE staging (${columns}); DROP TABLE staging`);
    }
    await idle?.query("COMMIT");
    // 100,000 transactions later a slot is old; burnt here by what needs no more than a number.
    await admin.query("DO $$ BEGIN FOR n IN 1..100100 LOOP PERFORM txid_current(); COMMIT; END LOOP; END $$");
    await admin.query("VACUUM pg_catalog.pg_attribute");
    await spare?.query("SELECT pg_sleep(2)");
    return { culprits: [] };
  },
});
