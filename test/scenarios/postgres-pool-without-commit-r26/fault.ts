import { makeTable, onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "A release forgets to commit after reading: its connections stay idle in transaction and hardly a slot is left",
  server: { maxConnections: 50 },
  thresholds: { idleInTransactionSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const setup = await onePg(stage, "psql");
    await makeTable(setup, table);
    await setup.end();
    await ordinaryWork(stage, 3);
    const pool = await stage.pgSessions(stage.number(36, 38), "booking-api");
    const culprits = await Promise.all(pool.map(pidOf));
    for (const [index, session] of pool.entries()) {
      await session.query("BEGIN");
      await session.query(`SELECT state, n FROM ${table} WHERE id = $1`, [1 + index]);
    }
    await new Promise((resolve) => setTimeout(resolve, 4000));
    return { culprits };
  },
});
