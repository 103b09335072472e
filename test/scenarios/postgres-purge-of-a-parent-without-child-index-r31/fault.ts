import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The purge of old visitors takes a second for ten rows: page_hits.visitor_id has a foreign key and no index, so each deleted row reads the whole child",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(`CREATE TABLE visitors (id int PRIMARY KEY, last_seen date NOT NULL, country char(2) NOT NULL);
      INSERT INTO visitors SELECT n, current_date - (n % 900), 'DE' FROM generate_series(1, 40000) n;
      CREATE INDEX visitors_last_seen ON visitors (last_seen);
      CREATE TABLE page_hits (id bigint PRIMARY KEY, visitor_id int NOT NULL REFERENCES visitors, path varchar(80) NOT NULL, hit_at timestamptz NOT NULL);
      INSERT INTO page_hits SELECT n, (n % 44) * 900 + n % 300 + 1, '/articles/' || n % 3000, now() - n * interval '1 second' FROM generate_series(1, 500000) n;
      CREATE TABLE visitor_flags (id int PRIMARY KEY, visitor_id int NOT NULL REFERENCES visitors, flag varchar(20) NOT NULL);
      INSERT INTO visitor_flags SELECT n, (n % 44) * 900 + n % 300 + 1, 'vip' FROM generate_series(1, 60) n`);
    await settled(setup, "visitors, page_hits, visitor_flags");
    // Visitors of the last 300 days have hits, the others have none left.
    const purgers = await stage.pgSessions(2, "gdpr-purge");
    await keepRunning(stage, purgers, 24, async (purger, turn) => {
      await purger.query(
        `DELETE FROM visitors WHERE id IN (SELECT id FROM visitors WHERE last_seen < current_date - 400 AND id % 2 = $1 ORDER BY last_seen LIMIT 10)`,
        [turn % 2],
      );
      await pause(50);
    });
    return { culprits: [] };
  },
});
