import { Client } from "pg";
import { waitUntil } from "../../lab/engines/sql.ts";
import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "The writer's name leads to a standby: every write of the application fails",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  role: "writer",
  make: async (stage) => {
    const table = stage.table();
    const writer = await onePg(stage, stage.application());
    await writer.query(`CREATE TABLE ${table} (id int)`);
    const standby = new Client({ connectionString: stage.server.replicas[0]?.adminUrl ?? "" });
    await standby.connect();
    stage.cleanUp(() => standby.end());
    await waitUntil(
      async () => (await standby.query("SELECT to_regclass($1) AS found", [table])).rows[0].found !== null,
      { what: "the table to arrive" },
    );
    return { culprits: [] };
  },
});
