import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Since the release everybody signs in by lower(email), the index is on email, and each sign-in reads all members",
  majors: [15, 17, 18],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE members (id int PRIMARY KEY, email varchar(80) NOT NULL, password_hash varchar(64) NOT NULL, joined_on date NOT NULL)",
    );
    await setup.query(
      "INSERT INTO members SELECT n, 'Member.' || n || '@Example.com', md5(n::text) || md5((n + 1)::text), current_date - n % 900 FROM generate_series(1, 300000) AS n",
    );
    await setup.query("CREATE UNIQUE INDEX members_email ON members (email)");
    await settled(setup, "members");
    const clients = await stage.pgSessions(5, "identity");
    await keepRunning(stage, clients, 120, async (client, turn) => {
      await client.query("SELECT id, email, password_hash FROM members WHERE lower(email) = $1", [
        `member.${1 + ((turn * 97) % 300_000)}@example.com`,
      ]);
      await pause(30);
    });
    return { culprits: [] };
  },
});
