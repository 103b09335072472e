import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The closing marks its period and sums the journal in the same transaction; each posting asks the period and waits",
  majors: [16],
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const closing = await onePg(stage, "period-close");
    const postings = await stage.pgSessions(stage.number(6, 9), stage.application());
    await closing.query(
      "CREATE TABLE accounting_periods (company_id int, period char(7), state text NOT NULL, total numeric, PRIMARY KEY (company_id, period))",
    );
    await closing.query(
      "INSERT INTO accounting_periods SELECT c, '2026-' || lpad(m::text, 2, '0'), 'open', NULL FROM generate_series(1, 40) c, generate_series(1, 12) m",
    );
    await closing.query(
      "CREATE TABLE journal (company_id int, entry_no int, account int, period char(7), amount numeric(14,2), PRIMARY KEY (company_id, entry_no))",
    );
    await closing.query(
      "INSERT INTO journal SELECT 7, n, 1000 + n % 800, '2026-10', n % 997 FROM generate_series(1, 40000) n",
    );
    await closing.query("ANALYZE journal");
    await ordinaryWork(stage, 3);
    const pid = await pidOf(closing);
    await closing.query("BEGIN");
    await closing.query(
      "UPDATE accounting_periods SET state = 'closing' WHERE company_id = 7 AND period = '2026-10'",
    );
    stage.leave(
      closing.query(
        "SELECT a.account, sum(a.amount) FROM journal a JOIN journal b ON b.company_id = a.company_id AND b.entry_no < a.entry_no AND b.amount > a.amount GROUP BY a.account",
      ),
    );
    await pause(2500);
    for (const client of postings) {
      stage.leave(
        client.query("SELECT state FROM accounting_periods WHERE company_id = $1 AND period = $2 FOR SHARE", [
          7,
          "2026-10",
        ]),
      );
      await pause(600);
    }
    await pause(12_000);
    return { culprits: [pid] };
  },
});
