import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A maintenance script rebuilds an index in place at noon; who reads the table waits for the index, who writes waits for the table",
  majors: [14, 17],
  thresholds: { longRunningSeconds: 8, killCandidateSeconds: 20, manyWaitingSeconds: 3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE subscribers (list_code text, email text, opted_in boolean NOT NULL DEFAULT true, last_open timestamptz, PRIMARY KEY (list_code, email))",
    );
    const hash =
      "CREATE FUNCTION contact_hash(email text, rounds int) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ DECLARE h text := email; BEGIN FOR i IN 1..rounds LOOP h := md5(h); END LOOP; RETURN h; END $$";
    await setup.query(hash);
    await setup.query("CREATE INDEX subscribers_contact_hash ON subscribers (contact_hash(email, 600))");
    await setup.query(
      "INSERT INTO subscribers SELECT 'news-' || n % 5, 'reader' || n || '@example.org', true, now() FROM generate_series(1, 25000) n",
    );
    await setup.query("ANALYZE subscribers");
    // Made dearer, so that the lab's few rows take as long as a company's many.
    await setup.query(
      `CREATE OR REPLACE FUNCTION contact_hash(email text, rounds int) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$ DECLARE h text := email; BEGIN FOR i IN 1..rounds * 8 LOOP h := md5(h); END LOOP; RETURN h; END $$`,
    );
    await ordinaryWork(stage);
    const script = await onePg(stage, "weekly-maintenance.sh");
    const culprit = await pidOf(script);
    stage.leave(script.query("REINDEX INDEX subscribers_contact_hash"));
    await setup.query("SELECT pg_sleep(2)");
    const readers = await stage.pgSessions(stage.number(5, 7), "preference-centre");
    for (const [index, client] of readers.entries()) {
      stage.leave(
        client.query("SELECT opted_in, last_open FROM subscribers WHERE list_code = $1 AND email = $2", [
          `news-${index % 5}`,
          `reader${index}@example.org`,
        ]),
      );
    }
    const writers = await stage.pgSessions(3, "open-tracker");
    for (const [index, client] of writers.entries()) {
      stage.leave(
        client.query("UPDATE subscribers SET last_open = now() WHERE list_code = $1 AND email = $2", [
          `news-${index % 5}`,
          `reader${index + 10}@example.org`,
        ]),
      );
    }
    await pgWaiting(stage, readers.length + writers.length, 10);
    return { culprits: [culprit] };
  },
});
