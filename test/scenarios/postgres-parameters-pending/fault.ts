import { Client } from "pg";
import { defineScenario } from "../scenario.ts";
import { context } from "../support/rds.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title: "A static parameter was changed and waits for a reboot; nobody suffers",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const admin = new Client({ connectionString: stage.server.adminUrl });
    await admin.connect();
    stage.cleanUp(() => admin.end());
    await admin.query(`ALTER SYSTEM SET max_wal_senders = ${stage.number(20, 40)}`);
    await admin.query("SELECT pg_reload_conf()");
    await admin.query("SELECT pg_sleep(0.3)");
    return { culprits: [] };
  },
  context: () => context({}, { parameterGroups: [{ name: "shop-pg", status: "pending-reboot" }] }),
});
