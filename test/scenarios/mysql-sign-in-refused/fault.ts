import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title: "The password was rotated and not everybody knows it; the database itself is well",
  make: async (stage) => {
    await stage.mySessions(stage.number(3, 9), stage.application());
    const admin = await openSession(stage.mysql(), { user: "rdsadmin" });
    await admin.query(`ALTER USER rds_responder IDENTIFIED BY 'rotated-${stage.number(1000, 9999)}'`);
    await admin.end();
    return { culprits: [] };
  },
});
