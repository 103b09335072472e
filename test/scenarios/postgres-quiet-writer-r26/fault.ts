import { openSession, openSessions, waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [18],
  title:
    "Healthy: a reader whose last replayed commit is old because nobody writes at night; it has everything",
  tiers: ["immediate", "performance"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: { replicationLagSeconds: 3 },
  make: async (stage) => {
    const server = stage.postgres();
    const [replica] = server.replicas;
    if (replica === undefined) throw new Error("no replica");
    const reader = { ...server, port: replica.port };
    const table = stage.table();
    const writer = await onePg(stage, stage.application());
    await makeTable(writer, table);
    await writer.query(`UPDATE ${table} SET n = n + 1`);
    const watcher = await openSession(reader, { user: "shop", applicationName: "psql" });
    stage.cleanUp(() => watcher.end());
    await waitUntil(async () => (await watcher.query(`SELECT 1 FROM ${table} WHERE n = 1`)).rowCount === 50, {
      what: "the reader has the rows",
    });
    const pages = await openSessions(reader, 3, { user: "shop", applicationName: stage.application() });
    stage.cleanUp(async () => Promise.all(pages.map((page) => page.end())));
    await keepRunning(stage, pages, 10, async (client, turn) => {
      await client.query(`SELECT n FROM ${table} WHERE id = $1`, [1 + (turn % 50)]);
      await pause(40);
    });
    await pause(9000);
    return { culprits: [] };
  },
});
