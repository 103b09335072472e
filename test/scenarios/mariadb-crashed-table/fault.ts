import { statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { openSession } from "../../lab/engines/sql.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The server died while a MyISAM table was being written; its data file is shorter than its index says",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const table = stage.table();
    const [session] = await stage.mySessions(1, stage.application());
    if (session === undefined) throw new Error("no session");
    await session.query(`CREATE TABLE ${table} (id int PRIMARY KEY, note varchar(200)) ENGINE=MyISAM`);
    const values = Array.from(
      { length: stage.number(500, 900) },
      (_, index) => `(${index}, repeat('x', 150))`,
    );
    await session.query(`INSERT INTO ${table} VALUES ${values.join(", ")}`);
    const admin = await openSession(stage.mysql(), { user: "rdsadmin" });
    stage.cleanUp(() => admin.end());
    await admin.query("FLUSH TABLES");
    const file = join(stage.mysql().dataDir, "app", `${table}.MYD`);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    // The server notices when it reads what is no longer there, and marks the table.
    await session.query(`SELECT count(note) FROM ${table}`).catch(() => undefined);
    await session.query(`CHECK TABLE ${table}`);
    return { culprits: [] };
  },
});
