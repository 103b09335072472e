import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's question on the primary forgot the join condition, was given up and asked again: both multiply two tables, each with a processor, for minutes",
  majors: [17, 14],
  tiers: ["immediate", "performance", "health"],
  thresholds: { longRunningSeconds: 6, killCandidateSeconds: 10 },
  make: async (stage) => {
    await ordinaryWork(stage, 3);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE subscribers (id int PRIMARY KEY, country varchar(2) NOT NULL, joined_on date NOT NULL);
      INSERT INTO subscribers SELECT n, chr(65 + n % 26) || 'X', current_date - n % 900 FROM generate_series(1, 150000) n;
      CREATE TABLE sent_mails (id int PRIMARY KEY, subscriber_id int NOT NULL REFERENCES subscribers, opened boolean NOT NULL, sent_on date NOT NULL);
      INSERT INTO sent_mails SELECT n, 1 + n % 150000, n % 3 = 0, current_date - n % 400 FROM generate_series(1, 400000) n;
      CREATE INDEX sent_mails_subscriber ON sent_mails (subscriber_id)`);
    await setup.query("VACUUM ANALYZE subscribers, sent_mails");
    const analysts = await stage.pgSessions(2, "DBeaver 24.1 - SQLEditor <campaign.sql>");
    const culprits = await Promise.all(analysts.map(pidOf));
    for (const analyst of analysts) {
      stage.leave(
        analyst.query(
          "SELECT s.country, m.sent_on, count(*) FROM subscribers s, sent_mails m WHERE m.opened AND s.joined_on < current_date - 30 GROUP BY s.country, m.sent_on ORDER BY count(*) DESC",
        ),
      );
      await pause(3000);
    }
    await pause(14_000);
    return { culprits };
  },
  metrics: () => [busyCpu(96)],
});
