import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "An ORM counts the pages of a DISTINCT over a join with every column: each count sorts tens of megabytes on disk",
  tiers: ["immediate", "performance"],
  majors: [16],
  thresholds: { slowQuerySeconds: 0.3 },
  make: async (stage) => {
    const setup = await onePg(stage, "setup");
    const guests = stage.number(42_000, 48_000);
    await setup.query(
      "CREATE TABLE guests (guest_no text PRIMARY KEY, full_name text NOT NULL, address jsonb NOT NULL, remarks text NOT NULL, loyalty text)",
    );
    await setup.query(
      `INSERT INTO guests SELECT 'G' || n, 'Guest ' || md5(n::text), jsonb_build_object('street', 'Road ' || n, 'city', md5((n % 300)::text)), repeat(md5(n::text), 50), CASE WHEN n % 3 = 0 THEN 'gold' END FROM generate_series(1, ${guests}) n`,
    );
    await setup.query(
      "CREATE TABLE stays (hotel_code text, arrival date, room int, guest_no text NOT NULL REFERENCES guests, status text NOT NULL, PRIMARY KEY (hotel_code, arrival, room))",
    );
    await setup.query(
      `INSERT INTO stays SELECT 'H' || n % 25, date '2024-01-01' + n / 250, n % 250, 'G' || 1 + n % ${guests}, CASE WHEN n % 9 = 0 THEN 'cancelled' ELSE 'checked_out' END FROM generate_series(1, 70000) n ON CONFLICT DO NOTHING`,
    );
    await setup.query("CREATE INDEX stays_guest ON stays (guest_no)");
    await setup.query("VACUUM ANALYZE guests");
    await setup.query("VACUUM ANALYZE stays");
    await ordinaryWork(stage);
    const desks = await stage.pgSessions(stage.number(2, 3), "crm-backoffice");
    await keepRunning(stage, desks, 12, async (client) => {
      await client.query(
        `SELECT COUNT(*) FROM (SELECT DISTINCT "guests"."guest_no" AS "col1", "guests"."full_name" AS "col2", "guests"."address" AS "col3", "guests"."remarks" AS "col4", "guests"."loyalty" AS "col5" FROM "guests" INNER JOIN "stays" ON ("guests"."guest_no" = "stays"."guest_no") WHERE "stays"."status" IN ('checked_out', 'checked_in')) subquery`,
      );
      await pause(60);
    });
    return { culprits: [] };
  },
});
