import { createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Workers that sign in for each job and leave at once",
  tiers: ["immediate", "performance", "health"],
  server: { maxConnections: 200 },
  make: async (stage) => {
    await stage.mySessions(stage.number(4, 8), stage.application());
    const uri = labUrl("mariadb", stage.mysql().port, "shop");
    const name = stage.application();
    const doors = Array.from({ length: 8 }, (_, index) => index);
    await keepRunning(stage, doors, 500, async (door) => {
      const client = await createConnection({ uri, connectAttributes: { program_name: name } });
      await client.query(`SELECT ${door} AS door`);
      await client.end();
    });
    return { culprits: [] };
  },
});
