import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A job erases accounts; a table of audit entries refers to them without an index, so that each deleted account reads all of it",
  majors: [16, 15],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE accounts (id int PRIMARY KEY, mail varchar(60) NOT NULL, closed_on date);
      INSERT INTO accounts SELECT n, 'a' || n || '@example.com', CASE WHEN n > 2000 THEN current_date END FROM generate_series(1, 60000) n;
      CREATE TABLE audit_entries (id bigserial PRIMARY KEY, account_id int NOT NULL, what varchar(40) NOT NULL, at timestamptz NOT NULL);
      INSERT INTO audit_entries (account_id, what, at) SELECT 1 + n % 2000, 'signed in from ' || n % 255, now() - make_interval(secs => n) FROM generate_series(1, 400000) n;
      ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_account FOREIGN KEY (account_id) REFERENCES accounts`);
    // What was done is counted only some time after.
    await pause(1500);
    await setup.query("SELECT 1");
    await setup.query("VACUUM ANALYZE accounts, audit_entries");
    const jobs = await stage.pgSessions(2, "gdpr-erasure");
    await keepRunning(stage, jobs, 8, async (job, turn) => {
      // Closed accounts alone, to which no entry refers; each job has its own.
      const from = 2001 + turn * 25;
      await job.query("DELETE FROM accounts WHERE id BETWEEN $1 AND $2 AND closed_on IS NOT NULL", [
        from,
        from + 24,
      ]);
      await pause(60);
    });
    return { culprits: [] };
  },
});
