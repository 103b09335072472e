import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "The order of a collation changed with its library under a unique index: logins are no longer found and are entered twice",
  tiers: ["immediate", "performance", "health"],
  majors: [17],
  make: async (stage) => {
    const superuser = await openSession(stage.postgres(), { user: "rdsadmin", applicationName: "set-up" });
    const people = stage.number(18_000, 26_000);
    // The index is built in one order and read in another, as after the library beneath was upgraded.
    await superuser.query(`CREATE COLLATION customer_order (provider = icu, locale = 'de-DE');
      CREATE TABLE customer_logins (id bigserial PRIMARY KEY, login text COLLATE "C" NOT NULL, last_seen timestamptz);
      INSERT INTO customer_logins (login) SELECT CASE WHEN n % 2 = 0 THEN 'Zoe' ELSE 'anna' END || '-' || n || CASE WHEN n % 3 = 0 THEN '_X' ELSE 'é' END
        FROM generate_series(1, ${people}) n;
      CREATE UNIQUE INDEX customer_logins_login ON customer_logins (login);
      GRANT ALL ON customer_logins TO shop; GRANT ALL ON SEQUENCE customer_logins_id_seq TO shop;
      UPDATE pg_attribute SET attcollation = 'customer_order'::regcollation
        WHERE attname = 'login' AND attrelid IN ('customer_logins'::regclass, 'customer_logins_login'::regclass);
      UPDATE pg_index SET indcollation = (SELECT 'customer_order'::regcollation::oid::text)::oidvector
        WHERE indexrelid = 'customer_logins_login'::regclass;
      UPDATE pg_collation SET collversion = '57.1' WHERE collname = 'customer_order'`);
    await superuser.query("VACUUM ANALYZE customer_logins");
    await closeAll([superuser]);
    await ordinaryWork(stage, 3);
    const clients = await stage.pgSessions(3, "customer-portal");
    await keepRunning(stage, clients, 300, async (client, turn) => {
      const n = 1 + ((turn * 131) % people);
      const login = `${n % 2 === 0 ? "Zoe" : "anna"}-${n}${n % 3 === 0 ? "_X" : "é"}`;
      const { rowCount } = await client.query("SELECT id FROM customer_logins WHERE login = $1", [login]);
      if (rowCount === 0)
        await client.query("INSERT INTO customer_logins (login) VALUES ($1) ON CONFLICT DO NOTHING", [login]);
      await pause(20);
    });
    return { culprits: [] };
  },
});
