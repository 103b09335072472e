import { Client } from "pg";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A nightly job rebuilds the price list beside and swaps the names, and the new table has none of the old one's grants",
  tiers: ["immediate", "performance"],
  majors: [17],
  make: async (stage) => {
    const owner = new Client({ connectionString: stage.postgres().masterUrl, application_name: "dbt" });
    owner.on("error", () => undefined);
    await owner.connect();
    stage.cleanUp(() => owner.end());
    await owner.query("CREATE SCHEMA mart");
    await owner.query("GRANT USAGE ON SCHEMA mart TO shop");
    const build = (table: string) =>
      owner.query(
        `CREATE TABLE mart.${table} AS SELECT 'A' || n AS sku, 'EUR'::char(3) AS currency, n * 0.99 AS price FROM generate_series(1, 8000) n`,
      );
    await build("list_prices");
    await owner.query("CREATE UNIQUE INDEX ON mart.list_prices (sku, currency)");
    await owner.query("GRANT SELECT ON mart.list_prices TO shop");
    await owner.query("CREATE TABLE mart.markets (code char(2) PRIMARY KEY, currency char(3) NOT NULL)");
    await owner.query("INSERT INTO mart.markets VALUES ('de', 'EUR'), ('ch', 'CHF')");
    await owner.query("GRANT SELECT ON mart.markets TO shop");
    await ordinaryWork(stage);
    const shopfront = await stage.pgSessions(stage.number(4, 5), "storefront");
    await keepRunning(stage, shopfront, 60, async (client, turn) => {
      await client.query("BEGIN READ ONLY");
      try {
        await client.query("SELECT currency FROM mart.markets WHERE code = 'de'");
        await client.query("SELECT price FROM mart.list_prices WHERE sku = $1 AND currency = 'EUR'", [
          `A${turn % 8000}`,
        ]);
        await client.query("COMMIT");
      } catch {
        await client.query("ROLLBACK");
      }
      await pause(12);
    });
    await build("list_prices_new");
    await owner.query("CREATE UNIQUE INDEX ON mart.list_prices_new (sku, currency)");
    await owner.query("BEGIN");
    await owner.query("DROP TABLE mart.list_prices");
    await owner.query("ALTER TABLE mart.list_prices_new RENAME TO list_prices");
    await owner.query("COMMIT");
    await pause(8000);
    return { culprits: [] };
  },
});
