import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily, type Scenario } from "../scenario.ts";
import { busyCpu } from "../support/busy-cpu.ts";
import { keepRunning } from "../support/keep-running.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

interface Choice {
  readonly title: string;
  readonly cpu: number;
  /** A procedure with variables of its own, or a function that a SELECT calls. */
  readonly as: "procedure" | "function";
  /** What it looks up by has an index, as it should. */
  readonly indexed: boolean;
}

const procedure = `CREATE PROCEDURE app.close_guest(IN p_guest varchar(40), IN p_least int)
  BEGIN
    DECLARE v_open int DEFAULT 0;
    SELECT COUNT(*) INTO v_open FROM stays WHERE guest_ref = p_guest AND nights >= p_least;
    IF v_open > 0 THEN UPDATE guests SET seen = seen + 1 WHERE id = v_open; END IF;
  END`;
const asFunction = `CREATE FUNCTION app.open_nights(p_guest varchar(40)) RETURNS int READS SQL DATA
  BEGIN
    DECLARE v_nights int DEFAULT 0;
    SELECT COALESCE(SUM(nights), 0) INTO v_nights FROM stays WHERE guest_ref = p_guest;
    RETURN v_nights;
  END`;

/** Nearly all of a call's time goes into one statement inside, which no client sends. */
export function routineLostItsIndex(engine: MysqlFamily, { title, cpu, as, indexed }: Choice): Scenario {
  return defineScenario({
    engine,
    title,
    // Whoever makes a function is no superuser on RDS either.
    ...(as === "function" ? { server: { settings: { log_bin_trust_function_creators: "ON" } } } : {}),
    tiers: ["immediate", "performance"],
    metrics: () => [busyCpu(cpu)],
    make: async (stage) => {
      const admin = await openSession(stage.mysql());
      stage.cleanUp(() => admin.end());
      await admin.query("GRANT EXECUTE ON app.* TO shop@'%'");
      await admin.query(`CREATE TABLE app.stays (id int PRIMARY KEY, guest_ref varchar(40) NOT NULL,
        nights int NOT NULL, note varchar(60) NOT NULL, KEY ix_guest (guest_ref))`);
      await admin.query(`INSERT INTO app.stays SELECT n, CONCAT('G-', n % 20000), n % 14, CONCAT('stay ', n)
        FROM ${numbersTo(stage.number(80_000, 100_000))}`);
      await admin.query("CREATE TABLE app.guests (id int PRIMARY KEY, seen int NOT NULL)");
      await admin.query(`INSERT INTO app.guests SELECT n, 0 FROM ${numbersTo(500)}`);
      await admin.query(as === "procedure" ? procedure : asFunction);
      if (!indexed) await admin.query("ALTER TABLE app.stays DROP INDEX ix_guest");
      await admin.query("ANALYZE TABLE app.stays, app.guests");
      await ordinaryWork(stage, 3);
      const clients = await stage.mySessions(stage.number(5, 7), "frontdesk");
      await keepRunning(stage, clients, 120, async (client, turn) => {
        const guest = `G-${(turn * 211) % 20_000}`;
        if (as === "procedure") await client.query("CALL app.close_guest(?, 100)", [guest]);
        else await client.query("SELECT app.open_nights(?) AS nights", [guest]);
        if (indexed) await pause(20);
      });
      return { culprits: [] };
    },
  });
}
