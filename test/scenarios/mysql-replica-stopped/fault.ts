import { createConnection } from "mysql2/promise";
import { defineScenario } from "../scenario.ts";
import { untilCaughtUp } from "../support/mysql-caught-up.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "Somebody stopped the applier of a replica and forgot it",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  make: async (stage) => {
    const replica = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(() => replica.end());
    await untilCaughtUp(stage, replica);
    await replica.query("STOP REPLICA SQL_THREAD");
    const [writer] = await stage.mySessions(1, stage.application());
    const table = stage.table();
    await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY)`);
    for (let id = 1; id <= stage.number(5, 40); id++)
      await writer?.query(`INSERT INTO ${table} VALUES (${id})`);
    return { culprits: [] };
  },
});
