import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [14],
  title:
    "Since the last release every login looks an account up by a column without an index, and the CPU is at its end",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(94)],
  make: async (stage) => {
    const setup = await onePg(stage, "psql");
    await setup.query(
      "CREATE TABLE accounts (id int PRIMARY KEY, email text NOT NULL, full_name text, settings text, created date)",
    );
    await setup.query(
      "INSERT INTO accounts SELECT n, 'user' || n || '@example.com', 'Name ' || n, repeat(md5(n::text), 2), date '2020-01-01' + n % 2000 FROM generate_series(1, 700000) AS n",
    );
    await setup.query("CREATE TABLE countries (code char(2) NOT NULL, title text)");
    await setup.query(
      "INSERT INTO countries SELECT chr(65 + n / 26) || chr(65 + n % 26), 'Country ' || n FROM generate_series(0, 199) AS n",
    );
    await setup.query("ANALYZE");
    await ordinaryWork(stage);
    const logins = await stage.pgSessions(6, stage.application());
    await keepRunning(stage, logins, 90, async (client, turn) => {
      const wanted = 1 + ((turn * 7919) % 700_000);
      await client.query("SELECT id, full_name, settings FROM accounts WHERE email = $1", [
        `user${wanted}@example.com`,
      ]);
      // A small table that is read as a whole is as it should be.
      await client.query("SELECT title FROM countries WHERE code = $1", ["AC"]);
    });
    return { culprits: [] };
  },
});
