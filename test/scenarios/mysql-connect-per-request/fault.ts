import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** The look-alike of churn: pages that each open a session, as many do, and ask a good deal in it. */
export const scenario = defineScenario({
  engine: "mysql",
  title: "Each page opens a session of its own and asks twelve times in it: the sign-in is a small part",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 200 },
  make: async (stage) => {
    const uri = labUrl("mysql", stage.mysql().port, "shop");
    const name = stage.application();
    const doors = Array.from({ length: 6 }, (_, index) => index);
    await keepRunning(stage, doors, 60, async (door) => {
      const client = await createConnection({ uri, connectAttributes: { program_name: name } });
      for (let turn = 0; turn < 12; turn += 1) await client.query(`SELECT ${door} AS door, ${turn} AS turn`);
      await client.end();
    });
    return { culprits: [] };
  },
});
