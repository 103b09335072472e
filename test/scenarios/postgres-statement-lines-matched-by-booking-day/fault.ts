import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Bank statements are matched by account, day and amount; only the day has an index, and a month's end is one day",
  majors: [15],
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const matchers = await stage.pgSessions(stage.number(3, 5), stage.application());
    const [analyst] = await stage.pgSessions(1, stage.application());
    const rows = stage.number(75_000, 90_000);
    const [setup] = matchers;
    await setup?.query(
      "CREATE TABLE statement_lines (bank_id int NOT NULL, line_no int NOT NULL, iban varchar(34) NOT NULL, booked_on date NOT NULL, amount numeric(14,2) NOT NULL, purpose text NOT NULL, PRIMARY KEY (bank_id, line_no))",
    );
    await setup?.query("CREATE INDEX statement_lines_booked_on ON statement_lines (booked_on)");
    await setup?.query(
      `INSERT INTO statement_lines SELECT 1 + n % 9, n, 'DE' || lpad((n % 21000)::text, 20, '0'), CASE WHEN n % 10 < 4 THEN date '2026-10-30' ELSE date '2026-10-01' + n % 29 END, (n % 4000) / 100.0, repeat('rent ', 12) FROM generate_series(1, ${rows}) n`,
    );
    await setup?.query("ANALYZE statement_lines");
    await analyst?.query(
      "CREATE TABLE month_sums AS SELECT bank_id, sum(amount) FROM statement_lines GROUP BY 1",
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, matchers, 250, (client, turn) =>
      client.query(
        "SELECT bank_id, line_no, purpose FROM statement_lines WHERE iban = $1 AND booked_on = $2 AND amount = $3",
        [`DE${String((turn * 10) % 21_000).padStart(20, "0")}`, "2026-10-30", ((turn * 10) % 4000) / 100],
      ),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
