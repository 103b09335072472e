import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The key begins with the product, of which there are three: an index is used, and finds a third of the table. */
export const scenario = defineScenario({
  engine: "mysql",
  title:
    "The licence gateway asks by product and the customer's own number: the key knows the product, nothing the number",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(92)],
  make: async (stage) => {
    const setup = await oneMy(stage, "renewals");
    await setup.query(
      "CREATE TABLE entitlements (product_code varchar(24) NOT NULL, valid_until date NOT NULL, entitlement_no int unsigned NOT NULL, external_ref varchar(40) NOT NULL, seats smallint NOT NULL, PRIMARY KEY (product_code, valid_until, entitlement_no))",
    );
    await setup.query(
      `INSERT INTO entitlements SELECT ELT(1 + n % 3, 'cad-pro', 'cad-lite', 'viewer'), '2026-12-01' + INTERVAL n % 700 DAY, n, CONCAT('ACC-', LPAD(n * 7, 9, '0')), n % 40 FROM ${numbersTo(90_000)}`,
    );
    await setup.query("ANALYZE TABLE entitlements");
    await ordinaryWork(stage, 3);
    // Renewals go by the whole key, many times a second.
    await keepRunning(stage, [setup], 30, async (client, turn) => {
      await client.query(
        "UPDATE entitlements SET seats = seats + 1 WHERE product_code = 'viewer' AND valid_until = ? AND entitlement_no = ?",
        ["2027-01-01", turn],
      );
      await pause(8);
    });
    const gateway = await stage.mySessions(stage.number(4, 6), "licence-gateway");
    await keepRunning(stage, gateway, 150, (client, turn) =>
      client.query(
        "SELECT e.entitlement_no, e.seats, e.valid_until FROM entitlements e WHERE e.product_code = ? AND e.external_ref = ? AND e.valid_until >= ?",
        ["cad-pro", `ACC-${String(((turn * 37) % 90_000) * 7).padStart(9, "0")}`, "2026-11-30"],
      ),
    );
    return { culprits: [] };
  },
});
