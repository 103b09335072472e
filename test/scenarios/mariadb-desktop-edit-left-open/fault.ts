import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "Somebody corrected tariffs in a desktop client with commits by hand and went to lunch: checkout and the price job wait",
  thresholds: { idleInTransactionSeconds: 5 },
  make: async (stage) => {
    const [desktop] = await stage.mySessions(1, "DBeaver 24.1.0 - SQLEditor <Script-7.sql>");
    const [support] = await stage.mySessions(1, "support-desk");
    const checkout = await stage.mySessions(stage.number(4, 6), "checkout");
    const prices = await stage.mySessions(2, "price-job");
    await desktop?.query(
      "CREATE TABLE tariffs (country char(2) NOT NULL, carrier varchar(20) NOT NULL, valid_from date NOT NULL, price decimal(8,2) NOT NULL, quoted int NOT NULL DEFAULT 0, PRIMARY KEY (country, carrier, valid_from))",
    );
    const rows = ["AT", "BE", "CH", "DE", "FR", "NL"].flatMap((country) =>
      ["post", "dpd", "gls", "ups"].map((carrier) => `('${country}', '${carrier}', '2026-01-01', 4.9, 0)`),
    );
    await desktop?.query(`INSERT INTO tariffs VALUES ${rows.join(", ")}`);
    await desktop?.query("CREATE TABLE case_notes (case_no int PRIMARY KEY, note varchar(80))");
    await desktop?.query("INSERT INTO case_notes VALUES (1, ''), (2, ''), (3, '')");
    // Open for longer than the desktop's, and in nobody's way.
    await support?.query("START TRANSACTION");
    await support?.query("UPDATE case_notes SET note = 'to be called' WHERE case_no = 2");
    await ordinaryWork(stage, 3);
    await desktop?.query("SET autocommit = 0");
    await desktop?.query("UPDATE tariffs SET price = price * 1.04 WHERE country IN ('DE', 'AT')");
    await desktop?.query("SELECT * FROM tariffs WHERE country = 'DE' LIMIT 200");
    checkout.forEach((client, index) => {
      const carrier = ["post", "dpd", "gls", "ups"][index % 4];
      stage.leave(
        client.query(
          `SELECT price FROM tariffs WHERE country = 'DE' AND carrier = '${carrier}' AND valid_from = '2026-01-01' FOR UPDATE`,
        ),
      );
    });
    for (const client of prices) {
      stage.leave(client.query("UPDATE tariffs SET quoted = quoted + 1 WHERE country = 'AT'"));
    }
    await pause(stage.number(9_000, 12_000));
    return { culprits: desktop === undefined ? [] : [desktop.threadId] };
  },
});
