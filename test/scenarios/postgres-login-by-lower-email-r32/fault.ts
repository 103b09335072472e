import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The new login page looks members up by lower(email), for which there is no index (the one on email does not serve it)",
  majors: [15, 17, 16],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const members = stage.number(560_000, 620_000);
    await setup.query(
      "CREATE TABLE members (id int PRIMARY KEY, email text NOT NULL, display_name text NOT NULL, joined_at timestamptz NOT NULL)",
    );
    await setup.query(
      `INSERT INTO members SELECT n, 'Member.' || md5(n::text) || '@Example.org', 'Member number ' || n, now() - make_interval(mins => n)
       FROM generate_series(1, ${members}) AS n`,
    );
    await setup.query("CREATE UNIQUE INDEX members_email_key ON members (email)");
    await setup.query("VACUUM ANALYZE members");
    await ordinaryWork(stage);
    const clients = await stage.pgSessions(5, "login");
    await keepRunning(stage, clients, 60, async (client, turn) => {
      const { rows } = await client.query("SELECT md5($1::text) AS name", [1 + ((turn * 7919) % members)]);
      await client.query("SELECT id, email, display_name FROM members WHERE lower(email) = lower($1)", [
        `member.${rows[0].name}@example.org`,
      ]);
    });
    return { culprits: [] };
  },
});
