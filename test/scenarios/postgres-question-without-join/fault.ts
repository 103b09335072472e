import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An analyst's question names three tables and joins two: billions of pairs on every core, for minutes",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 10, killCandidateSeconds: 20 },
  metrics: () => [busyCpu(97)],
  make: async (stage) => {
    const [owner, analyst] = await stage.pgSessions(2, "Metabase v0.52");
    if (owner === undefined || analyst === undefined) throw new Error("no session");
    const visits = stage.number(260_000, 290_000);
    await owner.query(`CREATE TABLE practices (code char(7) PRIMARY KEY, region varchar(20) NOT NULL);
      CREATE TABLE visits (practice_code char(7) NOT NULL REFERENCES practices, visited_on date NOT NULL, number int NOT NULL,
        minutes smallint NOT NULL, PRIMARY KEY (practice_code, visited_on, number));
      CREATE TABLE prescriptions (practice_code char(7) NOT NULL REFERENCES practices, serial int NOT NULL, amount numeric(8,2) NOT NULL,
        PRIMARY KEY (practice_code, serial));
      INSERT INTO practices SELECT 'P' || lpad(n::text, 6, '0'), 'region ' || n % 9 FROM generate_series(1, 400) n;
      INSERT INTO visits SELECT 'P' || lpad((1 + n % 400)::text, 6, '0'), date '2026-01-01' + n % 300, n, 5 + n % 40
        FROM generate_series(1, ${visits}) n;
      INSERT INTO prescriptions SELECT 'P' || lpad((1 + n % 400)::text, 6, '0'), n, n % 90 FROM generate_series(1, 200000) n`);
    await owner.query("ANALYZE practices, visits, prescriptions");
    await ordinaryWork(stage, 3);
    const desks = await stage.pgSessions(3, "front-desk");
    await keepRunning(stage, desks, 20, async (desk, turn) => {
      const code = `P${String(1 + (turn % 400)).padStart(6, "0")}`;
      await desk.query("SELECT count(*) FROM visits WHERE practice_code = $1 AND visited_on >= $2", [
        code,
        "2026-09-01",
      ]);
      await pause(40);
    });
    const { rows } = await analyst.query("SELECT pg_backend_pid() AS pid");
    stage.leave(
      analyst.query(`SELECT p.region, date_trunc('month', v.visited_on) AS month, count(*), avg(v.minutes), sum(r.amount)
        FROM visits v, practices p, prescriptions r
        WHERE v.practice_code = p.code AND v.visited_on >= date '2026-01-01'
        GROUP BY p.region, date_trunc('month', v.visited_on) ORDER BY 1, 2`),
    );
    await pause(26_000);
    return { culprits: [rows[0].pid] };
  },
});
