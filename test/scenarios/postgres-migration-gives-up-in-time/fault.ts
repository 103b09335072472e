import { makeTable, onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A careful migration tries with a short lock_timeout, gives up behind a report, and tries again later",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.5 },
  make: async (stage) => {
    const table = stage.table();
    const migration = await onePg(stage, "migration");
    await makeTable(migration, table);
    await migration.query("SET lock_timeout = '120ms'");
    const report = await onePg(stage, "reporting");
    const writers = await stage.pgSessions(stage.number(3, 5), stage.application());
    stage.leave(report.query(`SELECT count(*), pg_sleep(45) FROM ${table}`));
    await keepRunning(stage, writers, 60, async (writer, turn) => {
      await writer.query(`UPDATE ${table} SET n = n + 1 WHERE id = ${1 + (turn % 50)}`);
      await writer.query("SELECT pg_sleep(0.03)");
    });
    await keepRunning(stage, [migration], 3, async (session) => {
      await session.query(`ALTER TABLE ${table} ADD COLUMN note text`).catch(() => undefined);
      await session.query("SELECT pg_sleep(1.2)");
    });
    return { culprits: [] };
  },
});
