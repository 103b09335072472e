import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The sign-in asks for lower(email) and the index is on email: each sign-in reads the whole table",
  tiers: ["immediate", "performance", "health"],
  majors: [15],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    await setup.query(
      "CREATE TABLE members (id int PRIMARY KEY, email text NOT NULL, name text NOT NULL, tier smallint NOT NULL)",
    );
    await setup.query(
      "INSERT INTO members SELECT n, 'Member.' || n || '@Example.org', 'Member number ' || n, n % 4 FROM generate_series(1, 350000) n",
    );
    await setup.query("CREATE UNIQUE INDEX members_email ON members (email)");
    await setup.query("VACUUM ANALYZE members");
    await setup.end();
    await ordinaryWork(stage, 3);
    const clients = await stage.pgSessions(5, "auth-service");
    await keepRunning(stage, clients, 60, (client, turn) =>
      client.query("SELECT id, name, tier FROM members WHERE lower(email) = $1", [
        `member.${1 + ((turn * 7919) % 350_000)}@example.org`,
      ]),
    );
    return { culprits: [] };
  },
});
