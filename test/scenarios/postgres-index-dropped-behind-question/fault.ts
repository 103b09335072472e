import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const indexed = "tenant_0427";
const other = "tenant_0311";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Somebody drops an unused index of one tenant's invoices while a dashboard counts them, and that tenant stands still",
  majors: [15],
  thresholds: { manyWaitingSeconds: 2, longRunningSeconds: 3, killCandidateSeconds: 6 },
  make: async (stage) => {
    const dashboard = await onePg(stage, "Metabase v0.52.3 [7a1c0d9e]");
    const migration = await onePg(stage, "flyway");
    const support = await onePg(stage, "psql");
    for (const schema of [indexed, other]) {
      await dashboard.query(`CREATE SCHEMA ${schema}`);
      await dashboard.query(
        `CREATE TABLE ${schema}.invoices (invoice_no varchar(20) PRIMARY KEY, debtor varchar(40) NOT NULL, due_on date NOT NULL, cents bigint NOT NULL, paid boolean NOT NULL DEFAULT false)`,
      );
      await dashboard.query(
        `INSERT INTO ${schema}.invoices SELECT 'R-2026-' || n, 'debtor ' || n % 900, current_date - n % 400, n * 37, n % 5 > 0 FROM generate_series(1, 30000) n`,
      );
      await dashboard.query(`CREATE INDEX ${schema}_invoices_cents ON ${schema}.invoices (cents)`);
    }
    await ordinaryWork(stage);
    const [reader, ddl] = [await pidOf(dashboard), await pidOf(migration)];
    // Of another tenant's table with the same name, and open for longer: nobody waits for it.
    await support.query("BEGIN");
    await support.query(`SELECT count(*) FROM ${other}.invoices WHERE NOT paid`);
    await pause(1500);
    stage.leave(
      dashboard.query(
        `SELECT a.debtor, count(*) FROM ${indexed}.invoices a JOIN ${indexed}.invoices b ON b.due_on < a.due_on AND b.cents > a.cents GROUP BY a.debtor ORDER BY 2 DESC`,
      ),
    );
    await pause(3000);
    stage.leave(migration.query(`DROP INDEX ${indexed}.${indexed}_invoices_cents`));
    await pgWaiting(stage, 1, 1);
    const portal = await stage.pgSessions(stage.number(5, 7), "billing-portal");
    const dunning = await stage.pgSessions(3, "dunning-job");
    for (const [index, client] of portal.entries()) {
      stage.leave(
        client.query(`SELECT cents, paid FROM ${indexed}.invoices WHERE invoice_no = $1`, [
          `R-2026-${index + 1}`,
        ]),
      );
    }
    for (const [index, client] of dunning.entries()) {
      stage.leave(
        client.query(`UPDATE ${indexed}.invoices SET paid = true WHERE invoice_no = $1`, [
          `R-2026-${index + 900}`,
        ]),
      );
    }
    await pgWaiting(stage, portal.length + dunning.length + 1, 5);
    return { culprits: [reader, ddl] };
  },
});
