import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "One tenant began to store whole documents as JSON: its timeline is sorted with them and ends out of sort memory",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const clients = await stage.mySessions(stage.number(4, 6), "timeline-api");
    const [setup] = clients;
    await setup?.query(
      "CREATE TABLE timeline_entries (tenant_id smallint unsigned NOT NULL, entry_no bigint unsigned NOT NULL, kind varchar(20) NOT NULL, happened_at datetime(6) NOT NULL, payload json NOT NULL, PRIMARY KEY (tenant_id, entry_no))",
    );
    for (let tenant = 1; tenant <= 20; tenant += 1) {
      const rows = Array.from(
        { length: 40 },
        (_, at) =>
          `(${tenant}, ${at + 1}, 'note', '2026-11-01' + INTERVAL ${at * 7} HOUR, JSON_OBJECT('text', 'short'))`,
      );
      await setup?.query(`INSERT INTO timeline_entries VALUES ${rows.join(", ")}`);
    }
    await setup?.query(
      "UPDATE timeline_entries SET payload = JSON_OBJECT('document', REPEAT('d', 400000)) WHERE tenant_id = 7 AND entry_no > 25",
    );
    await ordinaryWork(stage, 3);
    await keepRunning(stage, clients, 300, async (client, turn) => {
      const tenant = turn % 2 === 0 ? 7 : 1 + (turn % 20);
      await client
        .query(
          `SELECT \`timeline_entries\`.* FROM \`timeline_entries\` WHERE \`timeline_entries\`.\`tenant_id\` = ${tenant} AND \`timeline_entries\`.\`kind\` = 'note' ORDER BY \`timeline_entries\`.\`happened_at\` DESC LIMIT 25`,
        )
        .catch((error: unknown) => {
          // Its page shows an error, and is loaded again.
          if (!String(error).includes("sort memory")) throw error;
        });
      await pause(20);
    });
    return { culprits: [] };
  },
});
