import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "An import fills a copy of the table and swaps it in by RENAME, several times a minute, beside readers",
  tiers: ["immediate", "performance"],
  thresholds: { slowQuerySeconds: 0.5 },
  make: async (stage) => {
    const table = stage.table();
    const importer = await oneMy(stage, stage.application());
    await makeTable(importer, table);
    const readers = await stage.mySessions(stage.number(4, 7), stage.application());
    await keepRunning(stage, readers, 200, async (reader, turn) => {
      await reader.query(`SELECT state FROM ${table} WHERE id = ${1 + (turn % 50)}`);
      await reader.query("DO SLEEP(0.01)");
    });
    await keepRunning(stage, [importer], 4, async (session) => {
      await session.query(`CREATE TABLE ${table}_next LIKE ${table}`);
      await session.query(`INSERT INTO ${table}_next SELECT * FROM ${table}`);
      await session.query(`RENAME TABLE ${table} TO ${table}_last, ${table}_next TO ${table}`);
      await session.query(`DROP TABLE ${table}_last`);
      await session.query("DO SLEEP(0.4)");
    });
    return { culprits: [] };
  },
});
