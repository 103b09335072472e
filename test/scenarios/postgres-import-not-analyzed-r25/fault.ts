import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "Autovacuum was switched off for an import and never on again: the planner takes a batch of thousands for one row",
  majors: [17],
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const clients = await stage.pgSessions(3, stage.application());
    const importer = await onePg(stage, "importer");
    await importer.query(
      "CREATE TABLE import_lines (id bigserial PRIMARY KEY, batch int NOT NULL, sku text NOT NULL, price int)",
    );
    const fill = (from: number, to: number) =>
      importer.query(
        `INSERT INTO import_lines (batch, sku, price)
          SELECT b, 'sku-' || n * 7919 % 5003, n FROM generate_series(${from}, ${to}) b, generate_series(1, 5000) n`,
      );
    await fill(1, 2);
    await importer.query("CREATE INDEX import_lines_batch ON import_lines (batch)");
    await importer.query("ANALYZE import_lines");
    await importer.query("ALTER TABLE import_lines SET (autovacuum_enabled = false)");
    await fill(3, 60);
    await importer.end();
    await keepRunning(stage, clients, 7, (client, turn) =>
      client.query(
        `SELECT count(*) FROM import_lines a JOIN import_lines b
          ON b.batch = a.batch AND b.sku = a.sku AND b.id > a.id WHERE a.batch = ${3 + (turn % 57)}`,
      ),
    );
    return { culprits: [] };
  },
});
