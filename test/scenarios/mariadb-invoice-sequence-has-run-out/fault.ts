import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The sequence of invoice numbers has reached its MAXVALUE of five digits: no invoice can be written (4084), while all else goes on",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const setup = await oneMy(stage, "erp-migration");
    await setup.query("CREATE SEQUENCE invoice_no START WITH 99900 MINVALUE 10000 MAXVALUE 99999 NOCACHE");
    await setup.query(
      "CREATE TABLE invoice_heads (invoice_no int unsigned NOT NULL, customer_no int unsigned NOT NULL, total decimal(10,2) NOT NULL, PRIMARY KEY (invoice_no), KEY by_customer (customer_no))",
    );
    await ordinaryWork(stage, 3);
    const billing = await stage.mySessions(stage.number(3, 5), "erp-billing");
    await keepRunning(stage, billing, 320, async (clerk, turn) => {
      await clerk.query(`SELECT invoice_no, total FROM invoice_heads WHERE customer_no = ${turn % 60}`);
      await clerk
        .query(
          `INSERT INTO invoice_heads VALUES (NEXT VALUE FOR invoice_no, ${turn % 60}, ${(turn % 900) + 1})`,
        )
        .catch(() => undefined);
      await pause(25);
    });
    return { culprits: [] };
  },
});
