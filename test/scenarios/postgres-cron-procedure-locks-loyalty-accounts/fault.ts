import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A scheduled procedure closes the loyalty year in one transaction and keeps every account it has passed; card swipes wait",
  majors: [15, 17],
  thresholds: { longRunningSeconds: 8, killCandidateSeconds: 20, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE loyalty_accounts (programme text, member_no bigint, points int NOT NULL, tier text NOT NULL, history jsonb NOT NULL, PRIMARY KEY (programme, member_no))",
    );
    await setup.query(
      `INSERT INTO loyalty_accounts SELECT CASE WHEN n % 3 = 0 THEN 'fuel' ELSE 'retail' END, n, n % 900, 'blue', jsonb_build_array(n, n % 7) FROM generate_series(1, ${stage.number(55_000, 65_000)}) n`,
    );
    await setup.query("ANALYZE loyalty_accounts");
    // A score of many steps, computed for each account.
    await setup.query(
      "CREATE FUNCTION loyalty_tier(points int) RETURNS text LANGUAGE plpgsql AS $$ DECLARE s numeric := 0; BEGIN FOR i IN 1..4000 LOOP s := s + (points * i) % 13; END LOOP; RETURN CASE WHEN s % 2 = 0 THEN 'silver' ELSE 'blue' END; END $$",
    );
    await setup.query(
      `CREATE PROCEDURE close_loyalty_year() LANGUAGE plpgsql AS $$ DECLARE a record; BEGIN
         FOR a IN SELECT programme, member_no, points FROM loyalty_accounts ORDER BY programme, member_no LOOP
           UPDATE loyalty_accounts SET tier = loyalty_tier(a.points), points = 0 WHERE programme = a.programme AND member_no = a.member_no;
         END LOOP; END $$`,
    );
    await ordinaryWork(stage);
    // Older than the job, busy, and in nobody's way.
    const report = await onePg(stage, "metabase");
    stage.leave(
      report.query(
        "SELECT count(*) FROM generate_series(1, 30000) a, generate_series(1, 30000) b WHERE (a * b) % 97 = 5",
      ),
    );
    const job = await onePg(stage, "pg_cron");
    const culprit = await pidOf(job);
    stage.leave(job.query("CALL close_loyalty_year()"));
    await setup.query("SELECT pg_sleep(3)");
    const swipes = await stage.pgSessions(stage.number(6, 9), "card-terminal-api");
    for (const [index, client] of swipes.entries()) {
      stage.leave(
        client.query(
          "UPDATE loyalty_accounts SET points = points + $1 WHERE programme = $2 AND member_no = $3",
          [12, "fuel", 3 * (index + 1)],
        ),
      );
    }
    await pgWaiting(stage, swipes.length, 10);
    return { culprits: [culprit] };
  },
});
