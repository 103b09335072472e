import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { onePg, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  majors: [15],
  title:
    "A long report on the reader holds up the replay: the reader was told to wait for its queries for ever",
  tiers: ["immediate", "performance"],
  server: { replicas: 1, settings: { max_standby_streaming_delay: "-1" } },
  look: "replica",
  thresholds: { replicationLagSeconds: 3, longRunningSeconds: 8, killCandidateSeconds: 8 },
  make: async (stage) => {
    const server = stage.postgres();
    const [replica] = server.replicas;
    if (replica === undefined) throw new Error("no replica");
    const reader = { ...server, port: replica.port };
    const table = stage.table();
    const setup = await onePg(stage, "psql");
    await setup.query(`CREATE TABLE ${table} (id int PRIMARY KEY, state text, n int)`);
    await setup.query(`INSERT INTO ${table} SELECT n, 'new', 0 FROM generate_series(1, 5000) AS n`);
    await ordinaryWork(stage);
    const report = await openSession(reader, { user: "shop", applicationName: "month-end-report" });
    stage.cleanUp(() => report.end());
    await waitUntil(async () => (await report.query(`SELECT 1 FROM ${table} LIMIT 1`)).rowCount === 1, {
      what: "the reader has the table",
    });
    const culprit = await pidOf(report);
    stage.leave(report.query(`SELECT state, count(*), pg_sleep(90)::text FROM ${table} GROUP BY state`));
    const pages = await openSession(reader, { user: "shop", applicationName: "storefront-pages" });
    stage.cleanUp(() => pages.end());
    await keepRunning(stage, [pages], 5, async (client, turn) => {
      await client.query(`SELECT n FROM ${table} WHERE id = $1`, [1 + (turn % 5000)]);
      await pause(50);
    });
    await setup.query(`UPDATE ${table} SET n = n + 1`);
    await setup.query(`DELETE FROM ${table} WHERE id > 4500`);
    await setup.query(`VACUUM ${table}`);
    await keepRunning(stage, [setup], 10, async (client, turn) => {
      await client.query(`UPDATE ${table} SET state = 'paid' WHERE id = $1`, [1 + (turn % 4000)]);
      await pause(30);
    });
    await pause(9000);
    return { culprits: [culprit] };
  },
});
