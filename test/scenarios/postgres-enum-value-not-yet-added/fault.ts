import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

/** The release came before the migration that adds the value it writes; its job runner tries again, and again. */
export const scenario = defineScenario({
  engine: "postgres",
  majors: [17],
  title: "A release writes a value that its enum does not have yet, and every try ends with a rollback",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const jobs = await stage.pgSessions(5, "returns-api");
    const [setup] = jobs;
    if (setup === undefined) throw new Error("no session");
    await setup.query(`CREATE TYPE return_state AS ENUM ('announced', 'received', 'refunded');
      CREATE TABLE parcel_returns (order_no varchar(20), line smallint, state return_state NOT NULL, changed_at timestamptz NOT NULL, PRIMARY KEY (order_no, line));
      INSERT INTO parcel_returns SELECT 'R-' || n / 3, n % 3, 'announced', now() FROM generate_series(1, 6000) n`);
    await ordinaryWork(stage, 3);
    await keepRunning(stage, jobs, 200, async (session, turn) => {
      const order = `R-${1 + (turn % 1900)}`;
      await session.query("BEGIN");
      await session.query("SELECT line, state FROM parcel_returns WHERE order_no = $1", [order]);
      await session
        .query("UPDATE parcel_returns SET state = $1, changed_at = now() WHERE order_no = $2 AND line = $3", [
          "partially_refunded",
          order,
          turn % 3,
        ])
        .catch(() => undefined);
      await pause(4);
      await session.query("ROLLBACK");
      await pause(35);
    });
    return { culprits: [] };
  },
});
