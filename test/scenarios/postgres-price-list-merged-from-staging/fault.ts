import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The supplier's list of the night, a thousand prices at a time, each in a transaction of its own. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "A supplier's price list is merged in small commits through a temporary table, beside a shop that sells",
  tiers: ["immediate", "performance"],
  metrics: () => [busyCpu(57)],
  make: async (stage) => {
    const merger = await onePg(stage, "price-import");
    const shop = await stage.pgSessions(5, "shop-web");
    await merger.query(`CREATE TABLE supplier_prices (supplier char(4), article varchar(24), currency char(3), price numeric(12, 4) NOT NULL, valid_from date NOT NULL, PRIMARY KEY (supplier, article, currency));
      INSERT INTO supplier_prices SELECT 'S' || lpad((n % 30)::text, 3, '0'), 'A-' || n, 'EUR', n % 900, current_date FROM generate_series(1, 60000) n`);
    await merger.query("VACUUM ANALYZE supplier_prices");
    await ordinaryWork(stage, 3);
    await keepRunning(stage, shop, 50, async (session, turn) => {
      const article = 1 + ((turn * 97) % 60_000);
      await session.query(
        "SELECT price FROM supplier_prices WHERE supplier = $1 AND article = $2 AND currency = 'EUR'",
        [`S${String(article % 30).padStart(3, "0")}`, `A-${article}`],
      );
      await pause(12);
    });
    await keepRunning(stage, [merger], 12, async (session, turn) => {
      const first = (turn * 1000) % 60_000;
      await session.query("BEGIN");
      await session.query("CREATE TEMP TABLE incoming (LIKE supplier_prices) ON COMMIT DROP");
      await session.query(
        `INSERT INTO incoming SELECT 'S' || lpad((n % 30)::text, 3, '0'), 'A-' || n, 'EUR', n % 870, current_date
         FROM generate_series(${first} + 1, ${first} + 1000) n`,
      );
      await session.query(`INSERT INTO supplier_prices SELECT * FROM incoming
        ON CONFLICT (supplier, article, currency) DO UPDATE SET price = EXCLUDED.price, valid_from = EXCLUDED.valid_from`);
      await session.query("COMMIT");
      await pause(150);
    });
    return { culprits: [] };
  },
});
