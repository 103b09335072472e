import { createConnection, type RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

const nextNumber =
  "UPDATE number_ranges SET last_no = last_no + 1 WHERE company = ? AND doc_kind = 'invoice' AND fiscal_year = 2026";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "One company's next invoice number is held by a transaction whose renderer of PDFs does not answer; the other companies invoice on",
  thresholds: { slowQuerySeconds: 0.3, idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const [holder, ...waiting] = await stage.mySessions(stage.number(7, 10), "invoicing");
    const others = await stage.mySessions(2, "invoicing");
    const [auditor] = await stage.mySessions(1, "audit-desk");
    await holder?.query(
      "CREATE TABLE number_ranges (company char(4) NOT NULL, doc_kind varchar(16) NOT NULL, fiscal_year smallint NOT NULL, last_no bigint NOT NULL, PRIMARY KEY (company, doc_kind, fiscal_year))",
    );
    await holder?.query(
      "INSERT INTO number_ranges VALUES ('DE01', 'invoice', 2026, 1200), ('AT09', 'invoice', 2026, 88), ('CH02', 'invoice', 2026, 301), ('DE01', 'credit', 2026, 12), ('FR03', 'credit', 2026, 3)",
    );
    await holder?.query(
      "CREATE TABLE invoice_heads (company char(4) NOT NULL, invoice_no bigint NOT NULL, gross decimal(14,2) NOT NULL, rendered_at datetime NULL, PRIMARY KEY (company, invoice_no))",
    );
    // Harmless, and older than the culprit: a credit note that nobody else wants.
    await auditor?.query("START TRANSACTION");
    await auditor?.query(
      "SELECT last_no FROM number_ranges WHERE company = 'FR03' AND doc_kind = 'credit' AND fiscal_year = 2026 FOR UPDATE",
    );
    await ordinaryWork(stage, 3);
    const watcher = await createConnection({ uri: stage.server.adminUrl });
    stage.cleanUp(async () => watcher.destroy());
    await keepRunning(stage, others, 10, async (client, turn) => {
      const company = turn % 2 === 0 ? "AT09" : "CH02";
      await client.query("START TRANSACTION");
      await client.query(nextNumber, [company]);
      await client.query(
        "INSERT INTO invoice_heads SELECT company, last_no, 12.5, NOW() FROM number_ranges WHERE company = ? AND doc_kind = 'invoice' AND fiscal_year = 2026",
        [company],
      );
      await client.query("COMMIT");
      await pause(60);
    });
    await holder?.query("START TRANSACTION");
    await holder?.query(nextNumber, ["DE01"]);
    await holder?.query("INSERT INTO invoice_heads VALUES ('DE01', 1201, 99.9, NULL)");
    for (const client of waiting) {
      await client.query("START TRANSACTION");
      stage.leave(client.query(nextNumber, ["DE01"]).then(() => client.query("COMMIT")));
    }
    await waitUntil(
      async () => {
        const [[row]] = await watcher.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS waiting FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
        );
        return Number(row?.["waiting"]) >= waiting.length;
      },
      { what: "the others to wait", timeoutMs: 20_000 },
    );
    await pause(7_000);
    return { culprits: [holder?.threadId ?? 0] };
  },
});
