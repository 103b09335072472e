import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "After a major upgrade nobody ran ANALYZE: sizes are known, the columns' statistics are gone, and a join of the night runs row by row",
  tiers: ["immediate", "performance", "health"],
  majors: [14, 15, 16, 17],
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "setup");
    if (owner === undefined) throw new Error("no session");
    const bookings = stage.number(38_000, 44_000);
    await owner.query(`CREATE TABLE hotel_stays (id int PRIMARY KEY, voucher varchar(16) NOT NULL, left_on date NOT NULL, amount int NOT NULL, state varchar(10) NOT NULL);
      INSERT INTO hotel_stays SELECT n, 'V' || n, current_date - n % 60, 40 + n % 900, 'left' FROM generate_series(1, ${bookings}) n;
      CREATE TABLE settlements (id int PRIMARY KEY, voucher varchar(16) NOT NULL, paid_on date NOT NULL, amount int NOT NULL, kind varchar(10) NOT NULL);
      INSERT INTO settlements SELECT n, 'V' || n, current_date - n % 60, 40 + n % 900, 'card' FROM generate_series(1, ${bookings}) n`);
    await owner.query("VACUUM hotel_stays, settlements");
    await ordinaryWork(stage, 3);
    // Its own counts are told to the server only now and then.
    await pause(2500);
    await owner.query("SELECT count(*) FROM hotel_stays");
    await pause(1500);
    // What pg_upgrade leaves: pages and rows of each table, no pg_statistic, and counters at nought.
    const admin = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "upgrade" });
    await admin.query("DELETE FROM pg_statistic");
    await admin.query("SELECT pg_stat_reset()");
    await admin.end();
    const clients = await stage.pgSessions(3, "reconciliation");
    await keepRunning(stage, clients, 9, async (client) => {
      await client.query(
        `SELECT h.id, h.voucher, h.amount, s.amount AS paid FROM hotel_stays h JOIN settlements s ON s.voucher = h.voucher
         WHERE h.left_on BETWEEN current_date - $1::int AND current_date - 1 AND h.amount BETWEEN 40 AND $2 AND h.state = 'left'
           AND s.paid_on BETWEEN current_date - $1::int AND current_date AND s.amount BETWEEN 40 AND $2 AND s.kind = 'card'`,
        [14, 130],
      );
      await pause(100);
    });
    return { culprits: [] };
  },
});
