import { openSession, openSessions } from "../../lab/engines/sql.ts";
import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

const take = "SELECT billing.next_no($1)";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "In another database of the server a client took the next invoice number in a function and never committed",
  majors: [17, 14],
  thresholds: { idleInTransactionSeconds: 6, longRunningSeconds: 5 },
  make: async (stage) => {
    const admin = await openSession(stage.postgres());
    await admin.query("CREATE DATABASE backoffice OWNER admin");
    await admin.end();
    const owner = await openSession(stage.postgres(), { database: "backoffice" });
    stage.cleanUp(() => owner.end());
    await owner.query("CREATE SCHEMA billing");
    await owner.query("CREATE TABLE billing.series (code text PRIMARY KEY, last_no bigint NOT NULL)");
    await owner.query("INSERT INTO billing.series VALUES ('DE', 100), ('AT', 7), ('CH', 55)");
    await owner.query(`CREATE FUNCTION billing.next_no(series_code text) RETURNS bigint LANGUAGE sql AS
      'UPDATE billing.series SET last_no = last_no + 1 WHERE code = series_code RETURNING last_no'`);
    await owner.query("GRANT USAGE ON SCHEMA billing TO shop");
    await owner.query("GRANT SELECT, UPDATE ON billing.series TO shop");
    await ordinaryWork(stage, 3);
    // Older, idle too, and in nobody's way.
    const analyst = await onePg(stage, "dbeaver");
    await analyst.query("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY");
    await analyst.query("SELECT count(*) FROM pg_class");
    const invoicing = await openSessions(stage.postgres(), stage.number(10, 13), {
      user: "shop",
      applicationName: "invoicing",
      database: "backoffice",
    });
    stage.cleanUp(() => Promise.all(invoicing.map((each) => each.end())));
    const [holder, ...others] = invoicing;
    if (holder === undefined) throw new Error("no session");
    const culprit = await pidOf(holder);
    await holder.query("BEGIN");
    await holder.query(take, ["DE"]);
    for (const other of others) {
      await other.query("BEGIN");
      // Whoever gets its number is done with it: none of them is the next to be blamed.
      stage.leave(other.query(take, ["DE"]).then(() => other.query("COMMIT")));
    }
    await pgWaiting(stage, others.length, 9);
    return { culprits: [culprit] };
  },
});
