import { openSession } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "After the major upgrade nobody ran ANALYZE: without statistics a reconciliation loops over every pair of rows",
  // From 18 on pg_upgrade takes the statistics along.
  majors: [16, 17, 14, 15],
  tiers: ["immediate", "performance", "health"],
  metrics: () => [busyCpu(91)],
  make: async (stage) => {
    const loader = await onePg(stage, "pg_upgrade");
    await loader.query(
      "CREATE TABLE bills (id int PRIMARY KEY, number varchar(30) NOT NULL, state varchar(12) NOT NULL, country varchar(2) NOT NULL, cents int NOT NULL)",
    );
    await loader.query(
      "CREATE TABLE receipts (id int PRIMARY KEY, reference varchar(30) NOT NULL, state varchar(12) NOT NULL, provider varchar(12) NOT NULL, cents int NOT NULL)",
    );
    await loader.query(
      `INSERT INTO bills SELECT n, 'INV-2026-' || n, CASE WHEN n % 10 = 0 THEN 'draft' ELSE 'sent' END,
         CASE WHEN n % 8 = 0 THEN 'fr' ELSE 'de' END, n % 9000 FROM generate_series(1, 5000) AS n`,
    );
    await loader.query(
      `INSERT INTO receipts SELECT n, 'INV-2026-' || n, CASE WHEN n % 12 = 0 THEN 'open' ELSE 'settled' END,
         CASE WHEN n % 9 = 0 THEN 'paypal' ELSE 'stripe' END, n % 9000 FROM generate_series(1, 5000) AS n`,
    );
    await loader.end();
    // What the new version knows after pg_upgrade: the files, and nothing of what is in them or happened before.
    const master = await openSession(stage.postgres());
    await master.query("SELECT pg_stat_reset()");
    await master.end();
    await ordinaryWork(stage);
    const clients = await stage.pgSessions(2, stage.application());
    await keepRunning(stage, clients, 4, async (client) => {
      await client.query(
        `SELECT count(*), sum(b.cents - r.cents) FROM receipts r JOIN bills b ON b.number = r.reference
         WHERE r.state = 'settled' AND r.provider = 'stripe' AND b.state = 'sent' AND b.country = 'de'`,
      );
    });
    return { culprits: [] };
  },
});
