import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A retention job deletes subscribers, and each one of them reads all their events, since the cascading foreign key has no index",
  majors: [14, 15, 17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE subscribers (id int PRIMARY KEY, email varchar(60) NOT NULL, gone boolean NOT NULL)",
    );
    await setup.query(
      "INSERT INTO subscribers SELECT n, 'reader' || n || '@example.com', n % 4 = 0 FROM generate_series(1, 30000) AS n",
    );
    await setup.query(`CREATE TABLE mail_events (id bigserial PRIMARY KEY,
      subscriber_id int NOT NULL REFERENCES subscribers (id) ON DELETE CASCADE, kind varchar(10) NOT NULL, detail varchar(60) NOT NULL)`);
    await setup.query(
      "INSERT INTO mail_events (subscriber_id, kind, detail) SELECT 1 + n % 30000, 'opened', md5(n::text) FROM generate_series(1, 400000) AS n",
    );
    await settled(setup, "subscribers, mail_events");
    const writers = await stage.pgSessions(2, "newsletter");
    await keepRunning(stage, writers, 10, async (writer, turn) => {
      await writer.query(
        `INSERT INTO mail_events (subscriber_id, kind, detail) VALUES (${1 + (turn % 7000) * 4}, 'sent', 'weekly')`,
      );
      await pause(60);
    });
    const jobs = await stage.pgSessions(2, "retention-job");
    await keepRunning(stage, jobs, 10, async (job, turn) => {
      const from = 1 + (turn % 500) * 60;
      await job.query("DELETE FROM subscribers WHERE gone AND id >= $1 AND id < $2", [from, from + 60]);
      await pause(100);
    });
    return { culprits: [] };
  },
});
