import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Forty tenants have each a schema of the same tables, and eight workers serve them by key all day",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(46)],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "apartment");
    if (owner === undefined) throw new Error("no session");
    const tenants = stage.number(36, 44);
    for (let tenant = 1; tenant <= tenants; tenant += 1) {
      await owner.query(`CREATE SCHEMA acct_${tenant};
        CREATE TABLE acct_${tenant}.contacts (id bigserial PRIMARY KEY, email varchar(90) NOT NULL UNIQUE, name text NOT NULL);
        CREATE TABLE acct_${tenant}.invoices (number varchar(16) PRIMARY KEY, contact_id bigint NOT NULL REFERENCES acct_${tenant}.contacts, total numeric(10,2) NOT NULL, issued date NOT NULL);
        CREATE INDEX ON acct_${tenant}.invoices (contact_id, issued);
        INSERT INTO acct_${tenant}.contacts (email, name) SELECT 'c' || n || '@example.org', 'contact ' || n FROM generate_series(1, 700) n;
        INSERT INTO acct_${tenant}.invoices SELECT 'R' || n, 1 + n % 700, n % 400, date '2026-01-01' + n % 300 FROM generate_series(1, 2500) n`);
    }
    await owner.query("ANALYZE");
    await ordinaryWork(stage, 3);
    const workers = await stage.pgSessions(8, "puma");
    await keepRunning(stage, workers, 1500, async (worker, turn) => {
      await worker.query(`SET search_path TO acct_${1 + (turn % tenants)}, public`);
      const { rows } = await worker.query("SELECT id, name FROM contacts WHERE email = $1 LIMIT 1", [
        `c${1 + (turn % 700)}@example.org`,
      ]);
      await worker.query(
        "SELECT number, total FROM invoices WHERE contact_id = $1 ORDER BY issued DESC LIMIT 10",
        [rows[0].id],
      );
      if (turn % 4 === 0)
        await worker.query("INSERT INTO invoices VALUES ($1, $2, 19.90, current_date)", [
          `N${turn}`,
          rows[0].id,
        ]);
      await pause(stage.number(8, 24));
    });
    return { culprits: [] };
  },
});
