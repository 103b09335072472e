import { createConnection } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";

/** What stays of a failover for a client that keeps the name's old address: 1290 for every write. */
export const writerNameBehind = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "The writer's name still leads to the old writer, now a replica: every write fails with 1290",
    tiers: ["immediate", "performance"],
    server: { replicas: 1 },
    look: "replica",
    role: "writer",
    make: async (stage) => {
      const table = stage.table();
      const [writer] = await stage.mySessions(1, stage.application());
      await writer?.query(`CREATE TABLE ${table} (id int PRIMARY KEY)`);
      const old = await createConnection({ uri: stage.server.replicas[0]?.masterUrl ?? "" });
      stage.cleanUp(() => old.end());
      await waitUntil(
        async () => {
          const [rows] = await old.query(`SHOW TABLES LIKE '${table}'`);
          return Array.isArray(rows) && rows.length === 1;
        },
        { what: "the table to arrive" },
      );
      for (let n = 0; n < stage.number(3, 12); n += 1) {
        await old.query(`INSERT INTO ${table} VALUES (${n})`).catch(() => undefined);
      }
      return { culprits: [] };
    },
  });
