import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [16],
  title:
    "A Java application commits each transfer in two phases beside its message broker, and finishes all of them",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.pgSessions(stage.number(4, 6), "transfer-service");
    const [setup] = clients;
    await setup?.query(`CREATE TABLE transfer (reference uuid PRIMARY KEY, debtor_iban varchar(34) NOT NULL, amount numeric(14,2) NOT NULL, booked_at timestamptz NOT NULL DEFAULT now());
      CREATE TABLE balance (iban varchar(34) PRIMARY KEY, amount numeric(14,2) NOT NULL);
      INSERT INTO balance SELECT 'DE' || lpad(n::text, 20, '0'), 1000 FROM generate_series(1, 4000) n`);
    await ordinaryWork(stage, 4);
    await keepRunning(stage, clients, 120, async (client, turn) => {
      const iban = `DE${String(1 + ((turn * 37) % 4000)).padStart(20, "0")}`;
      const id = `131077_${stage.seed}_${turn}`;
      await client.query("BEGIN");
      await client.query("UPDATE balance SET amount = amount - 1 WHERE iban = $1", [iban]);
      await client.query(
        "INSERT INTO transfer (reference, debtor_iban, amount) VALUES (gen_random_uuid(), $1, 1)",
        [iban],
      );
      await client.query(`PREPARE TRANSACTION '${id}'`);
      await pause(8);
      await client.query(`COMMIT PREPARED '${id}'`);
      await pause(30);
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(47)],
});
