import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A new redemption page looks a gift card up by its code alone; the primary key begins with the tenant, so that the table is read whole",
  tiers: ["immediate", "performance"],
  majors: [16],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const rows = stage.number(900_000, 1_100_000);
    await setup.query(
      "CREATE TABLE gift_cards (tenant_slug text NOT NULL, code text NOT NULL, cents int NOT NULL, issued_at timestamptz NOT NULL, PRIMARY KEY (tenant_slug, code))",
    );
    await setup.query(
      `INSERT INTO gift_cards SELECT 'tenant-' || n % 1200, upper(md5(n::text)), 2500, now() - n * interval '20 seconds' FROM generate_series(1, ${rows}) n`,
    );
    await setup.query("VACUUM ANALYZE gift_cards");
    await ordinaryWork(stage);
    // What the key is for: the same table, with the tenant.
    const shops = await stage.pgSessions(2, "tenant-shops");
    await keepRunning(stage, shops, 10, async (client, turn) => {
      const n = 1 + ((turn * 7919) % 900_000);
      await client.query(
        "SELECT cents FROM gift_cards WHERE tenant_slug = $1 AND code = upper(md5($2::text))",
        [`tenant-${n % 1200}`, String(n)],
      );
      await pause(20);
    });
    const pages = await stage.pgSessions(stage.number(4, 5), "redeem-page");
    await keepRunning(stage, pages, 40, (client, turn) =>
      client.query("SELECT tenant_slug, cents, issued_at FROM gift_cards WHERE code = upper(md5($1::text))", [
        String(1 + ((turn * 104_729) % 900_000)),
      ]),
    );
    return { culprits: [] };
  },
  metrics: () => [busyCpu(93)],
});
