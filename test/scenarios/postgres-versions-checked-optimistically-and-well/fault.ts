import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** A lost race changes no row and is no error: the client reads again. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title: "Editors save with the version they read; some come too late, change nothing, and read again",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(54)],
  make: async (stage) => {
    const setup = await onePg(stage, "pim");
    await setup.query(
      "CREATE TABLE product_texts (tenant varchar(16), sku varchar(24), locale char(5), body text NOT NULL, version int NOT NULL, PRIMARY KEY (tenant, sku, locale))",
    );
    await setup.query(
      "INSERT INTO product_texts SELECT 'acme', 'SKU-' || n, 'de-DE', repeat('text ', 30), 1 FROM generate_series(1, 3000) n",
    );
    await setup.query("ANALYZE product_texts");
    await ordinaryWork(stage, 3);
    const editors = await stage.pgSessions(stage.number(6, 8), "pim");
    await keepRunning(stage, editors, 300, async (client, turn) => {
      const key = ["acme", `SKU-${1 + (turn % (turn % 4 === 0 ? 60 : 3000))}`, "de-DE"];
      const { rows } = await client.query(
        "SELECT body, version FROM product_texts WHERE tenant = $1 AND sku = $2 AND locale = $3",
        key,
      );
      await pause(12);
      await client.query(
        "UPDATE product_texts SET body = $5, version = version + 1 WHERE tenant = $1 AND sku = $2 AND locale = $3 AND version = $4",
        [...key, rows[0]?.version ?? 0, `text of turn ${turn}`],
      );
      await pause(6);
    });
    return { culprits: [] };
  },
});
