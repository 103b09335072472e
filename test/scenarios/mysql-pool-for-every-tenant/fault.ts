import { createConnection, type RowDataPacket } from "mysql2/promise";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "One service keeps a small pool for the schema of every tenant: each is used, none is large, together they take the slots",
  tiers: ["immediate", "performance"],
  server: { maxConnections: 60 },
  make: async (stage) => {
    const admin = await createConnection({ uri: stage.server.adminUrl });
    stage.cleanUp(() => admin.end());
    const tenants = Array.from({ length: stage.number(12, 14) }, (_, index) => `tenant_${101 + index}`);
    await ordinaryWork(stage, 2);
    const clerk = await oneMy(stage, "backoffice");
    await clerk.query("CREATE TABLE contracts (contract_no int PRIMARY KEY, name varchar(60))");
    for (const tenant of tenants) {
      await admin.query(`CREATE DATABASE ${tenant}`);
      await admin.query(`GRANT ALL ON ${tenant}.* TO shop@'%'`);
      await admin.query(
        `CREATE TABLE ${tenant}.documents (doc_uuid char(36) PRIMARY KEY, title varchar(80) NOT NULL)`,
      );
      await admin.query(`INSERT INTO ${tenant}.documents VALUES ('d-1', 'first'), ('d-2', 'second')`);
    }
    const [[now]] = await admin.query<RowDataPacket[]>(
      "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user NOT IN ('event_scheduler')",
    );
    // Three slots stay free.
    const room = 60 - Number(now?.["n"]) - 3;
    const pool = await stage.mySessions(room, "tenant-api");
    const of = (index: number): string => tenants[index % tenants.length] ?? "tenant_101";
    for (const [index, session] of pool.entries()) await session.query(`USE ${of(index)}`);
    await keepRunning(stage, pool, 150, async (session, turn) => {
      await session.query("SELECT title FROM documents WHERE doc_uuid = ?", [`d-${1 + (turn % 2)}`]);
      await pause(700 + (turn % 7) * 150);
    });
    return { culprits: [] };
  },
});
