import { Client } from "pg";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A migration of the primary waits on the replica behind a report, and the dashboards wait behind its replay",
  tiers: ["immediate", "performance"],
  server: { replicas: 1, settings: { max_standby_streaming_delay: "-1" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 3, longRunningSeconds: 5 },
  make: async (stage) => {
    const table = stage.table();
    const other = stage.table();
    const writer = await onePg(stage, stage.application());
    const [node] = stage.server.replicas;
    const connectionString = labUrl("postgres", node?.port ?? 0, "shop");
    const open = async (application_name: string) => {
      const client = new Client({ connectionString, application_name });
      client.on("error", () => undefined);
      await client.connect();
      stage.cleanUp(() => client.end());
      return client;
    };
    await makeTable(writer, table);
    await makeTable(writer, other);
    const monitor = await open("watcher");
    const count = async (sql: string) => Number((await monitor.query(sql)).rows[0].n);
    await waitUntil(
      async () => (await count(`SELECT count(*) AS n FROM pg_class WHERE relname = '${other}'`)) === 1,
      {
        what: "the tables to be on the replica",
      },
    );
    const report = await open("month-end");
    const culprit = await pidOf(report);
    stage.leave(report.query(`SELECT count(*), count(pg_sleep(1.5)) FROM ${table}`));
    const locked = `SELECT count(*) AS n FROM pg_locks WHERE relation = '${table}'::regclass`;
    await waitUntil(async () => (await count(locked)) >= 1, { what: "the report to run" });
    await writer.query(`ALTER TABLE ${table} ADD COLUMN vat numeric`);
    const waiting = "SELECT count(*) AS n FROM pg_locks WHERE NOT granted";
    await waitUntil(async () => (await count(waiting)) === 1, { what: "the replay to wait" });
    const clients = await Promise.all(Array.from({ length: stage.number(4, 8) }, () => open("dashboards")));
    for (const client of clients) stage.leave(client.query(`SELECT n FROM ${table} WHERE id = 7`));
    await waitUntil(async () => (await count(waiting)) === 1 + clients.length, { what: "readers to wait" });
    for (let turn = 0; turn < 8; turn += 1) {
      await writer.query(`UPDATE ${other} SET n = n + 1`);
      await writer.query("SELECT pg_sleep(1)");
    }
    return { culprits: [culprit] };
  },
});
