import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const grown = 60;
const rowsOfRound = 900;

async function grow(stage: Stage, options: string): Promise<void> {
  const table = stage.table();
  const [session] = await stage.mySessions(stage.number(2, 5), stage.application());
  await session?.query(
    `CREATE TABLE ${table} (id int AUTO_INCREMENT PRIMARY KEY, note int, KEY (note)) ${options}`,
  );
  await session?.query(`INSERT INTO ${table} (note) VALUES (1), (2), (3)`);
  await session?.query(`ANALYZE TABLE ${table}`);
  for (let round = 0; round < grown; round += 1) {
    await session?.query(
      `INSERT INTO ${table} (note) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${rowsOfRound}) SELECT i % 7 FROM n`,
    );
  }
  if (options !== "") return;
  // MySQL's answer would be a day old; MariaDB has no such setting.
  await session?.query("SET SESSION information_schema_stats_expiry = 0").catch(() => undefined);
  await waitUntil(
    async () => {
      const [rows] = (await session?.query(
        `SHOW INDEX FROM ${table} WHERE Key_name = 'PRIMARY' AND Cardinality > 30000`,
      )) ?? [[]];
      return Array.isArray(rows) && rows.length === 1;
    },
    { what: "InnoDB to count again", timeoutMs: 60_000 },
  );
}

/** Loaded after it was analysed, and nothing counts it again. */
export const storedStatisticsStale = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "A table that was analysed when it was empty, with STATS_AUTO_RECALC off",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      await grow(stage, "STATS_AUTO_RECALC = 0");
      return { culprits: [] };
    },
  });

/** The look-alike: the same load, which InnoDB counts by itself within seconds. */
export const storedStatisticsRecounted = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "The same load into a table that InnoDB counts again by itself",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      await grow(stage, "");
      return { culprits: [] };
    },
  });
