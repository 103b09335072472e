import { createConnection } from "mysql2/promise";
import { closeAll, openSession } from "../../lab/engines/sql.ts";
import { oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

// After https://github.com/sidorares/node-mysql2/issues/3704
export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "The invoicing service takes a new connection for each invoice and gives none back; few are left for the others",
  tiers: ["immediate", "performance", "health"],
  thresholds: { leakIdleSeconds: 6, idleSessionSeconds: 4 },
  make: async (stage) => {
    const { port, adminUrl } = stage.mysql();
    const setup = await oneMy(stage, stage.application());
    await setup.query("CREATE TABLE invoices_out (id int PRIMARY KEY, total int NOT NULL)");
    const rows = Array.from({ length: 100 }, (_, index) => `(${index + 1}, ${index * 7})`);
    await setup.query(`INSERT INTO invoices_out VALUES ${rows.join(", ")}`);
    const admin = await openSession(stage.mysql());
    await admin.query("CREATE USER invoicing@'%' IDENTIFIED BY 'invoicing-lab'");
    await admin.query("GRANT SELECT, INSERT, UPDATE ON app.* TO invoicing@'%'");
    await closeAll([admin]);
    await ordinaryWork(stage);
    // A pool as it should be: eight connections, each used in its turn.
    const pool = await stage.mySessions(8, stage.application());
    await keepRunning(stage, pool, 16, async (client) => {
      await client.query("SELECT total FROM invoices_out WHERE id = 5");
      await pause(700);
    });
    const culprits: number[] = [];
    const leak = async () => {
      const session = await createConnection({
        host: new URL(adminUrl).hostname,
        port,
        user: "invoicing",
        password: "invoicing-lab",
        database: "app",
        connectAttributes: { program_name: "invoicing" },
      });
      session.on("error", () => undefined);
      stage.cleanUp(async () => session.destroy());
      culprits.push(session.threadId ?? 0);
      await session.query(`SELECT total FROM invoices_out WHERE id = ${1 + (culprits.length % 100)}`);
    };
    for (let count = 0; count < 38; count += 1) {
      await leak();
      await pause(120);
    }
    await pause(8000);
    // It goes on meanwhile, one invoice after the other.
    let more = 4;
    const timer = setInterval(() => {
      more -= 1;
      if (more >= 0) stage.leave(leak());
    }, 3000);
    stage.cleanUp(async () => clearInterval(timer));
    return { culprits };
  },
});
