import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Each request of an API makes temporary tables of its own, whose dead rows fill the catalogue",
  server: { settings: { autovacuum_naptime: "1s" } },
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    await ordinaryWork(stage);
    const columns = Array.from({ length: 20 }, (_, at) => `c${at} int`).join(", ");
    const apis = await stage.pgSessions(4, "cart-api");
    await keepRunning(stage, apis, 4000, async (session) => {
      await session.query("BEGIN");
      await session.query(`CREATE TEMPORARY TABLE cart_lines (${columns}) ON COMMIT DROP`);
      await session.query("INSERT INTO cart_lines (c0, c1) SELECT n, n FROM generate_series(1, 5) AS n");
      await session.query("SELECT sum(c0) FROM cart_lines");
      await session.query("COMMIT");
    });
    const watcher = await onePg(stage, "watcher");
    await waitUntil(
      async () => {
        const { rows } = await watcher.query(
          "SELECT n_dead_tup FROM pg_stat_sys_tables WHERE relname = 'pg_attribute'",
        );
        return Number(rows[0].n_dead_tup) > 20_000;
      },
      { what: "dead rows of pg_attribute", timeoutMs: 60_000, everyMs: 500 },
    );
    return { culprits: [] };
  },
});
