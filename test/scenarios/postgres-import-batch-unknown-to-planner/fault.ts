import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const known = 55;
const lines = 2600;

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Today's import batches came after the last ANALYZE: the planner takes each for one row and joins thousands by loops",
  tiers: ["immediate", "performance"],
  majors: [17],
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const load = async (from: number, to: number) => {
      await setup.query(
        `INSERT INTO shipment_lines SELECT b, n, 'W' || b || '-' || n, n % 90 FROM generate_series(${from}, ${to}) b, generate_series(1, ${lines}) n`,
      );
      await setup.query(
        `INSERT INTO shipment_costs SELECT b, n, 'W' || b || '-' || n, n * 0.07 FROM generate_series(${from}, ${to}) b, generate_series(1, ${lines}) n`,
      );
    };
    await setup.query(
      "CREATE TABLE shipment_lines (batch_no int NOT NULL, line_no int NOT NULL, waybill varchar(24) NOT NULL, kilos numeric NOT NULL, PRIMARY KEY (batch_no, line_no))",
    );
    await setup.query(
      "CREATE TABLE shipment_costs (batch_no int NOT NULL, cost_no int NOT NULL, waybill varchar(24) NOT NULL, amount numeric NOT NULL, PRIMARY KEY (batch_no, cost_no))",
    );
    await load(1, known);
    await setup.query("VACUUM ANALYZE shipment_lines");
    await setup.query("VACUUM ANALYZE shipment_costs");
    await ordinaryWork(stage);
    // Fewer than autovacuum's tenth of the table.
    await load(known + 1, known + 4);
    // Of batches that the statistics know: a hash join, and quick.
    const archive = await stage.pgSessions(1, "carrier-portal");
    await keepRunning(stage, archive, 10, async (client, turn) => {
      await client.query("SELECT sum(kilos) FROM shipment_lines WHERE batch_no = $1", [1 + (turn % known)]);
      await pause(40);
    });
    const settlement = await stage.pgSessions(2, "settlement (psycopg2)");
    await keepRunning(stage, settlement, 10, (client, turn) => {
      // psycopg2 writes values into the statement.
      const batch = known + 1 + (turn % 4);
      return client.query(
        `SELECT l.waybill, sum(l.kilos), sum(c.amount) FROM shipment_lines l JOIN shipment_costs c ON c.batch_no = l.batch_no AND c.waybill = l.waybill WHERE l.batch_no = ${batch} GROUP BY l.waybill`,
      );
    });
    return { culprits: [] };
  },
  metrics: () => [busyCpu(95)],
});
