import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";
import { settled } from "../support/settled.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release signs people in by lower(email): the index on email cannot serve it, and each sign-in reads the whole table of members",
  majors: [14],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const setup = await onePg(stage, "setup");
    await setup.query(
      `CREATE TABLE members (id bigserial PRIMARY KEY, email varchar(120) NOT NULL, password_hash char(60) NOT NULL, joined_on date NOT NULL);
       INSERT INTO members (email, password_hash, joined_on)
       SELECT 'Member.' || n || '@example.com', rpad(md5(n::text), 60, 'x'), current_date - n % 2000 FROM generate_series(1, 350000) AS n`,
    );
    await setup.query("CREATE UNIQUE INDEX members_email ON members (email)");
    await settled(setup, "members");
    const doors = await stage.pgSessions(4, "identity");
    await keepRunning(stage, doors, 40, async (door, turn) => {
      await door.query("SELECT id, password_hash FROM members WHERE lower(email) = lower($1)", [
        `Member.${1 + ((turn * 7919) % 350000)}@example.com`,
      ]);
      await door.query("SELECT joined_on FROM members WHERE id = $1", [1 + turn]);
      await pause(20);
    });
    return { culprits: [] };
  },
});
