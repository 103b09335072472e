import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "Functions without a pool sign in for each statement and leave at once",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 200 },
  make: async (stage) => {
    await stage.pgSessions(stage.number(4, 8), stage.application());
    const connectionString = labUrl("postgres", stage.postgres().port, "shop");
    const name = stage.application();
    const doors = Array.from({ length: 8 }, (_, index) => index);
    await keepRunning(stage, doors, 400, async (door) => {
      const client = new Client({ connectionString, application_name: name });
      await client.connect();
      await client.query(`SELECT ${door} AS door`);
      await client.end();
    });
    return { culprits: [] };
  },
});
