import { openSession, waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";
import type { Stage } from "../stage.ts";

const rowsOfBlock = 900;

async function fatTable(stage: Stage, table: string, blocks: number): Promise<void> {
  const [session] = await stage.mySessions(1, stage.application());
  await session?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, pad varchar(2000))`);
  for (let block = 0; block < blocks; block += 1) {
    await session?.query(
      `INSERT INTO ${table} WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${rowsOfBlock})
        SELECT ${block * 1000} + i, REPEAT('x', 1900) FROM n`,
    );
  }
}

/** Six writers that change 40 MB again and again, through a redo log of 8 MiB (MariaDB: 16). */
export const redoTooSmall = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "A redo log far too small for the writes: they go no faster than pages are flushed",
    tiers: ["immediate", "performance"],
    make: async (stage) => {
      const table = stage.table();
      await fatTable(stage, table, 18);
      const writers = await stage.mySessions(6, stage.application());
      let open = true;
      stage.cleanUp(async () => {
        open = false;
      });
      let rounds = 0;
      const write = async (writer: (typeof writers)[number], at: number): Promise<void> => {
        for (let n = at; open; n += 1) {
          await writer.query(
            `UPDATE ${table} SET pad = REPEAT('${"abcdefghij"[n % 10]}', 1900) WHERE id BETWEEN ${at * 3000} AND ${at * 3000 + 2900}`,
          );
          rounds += 1;
        }
      };
      writers.forEach((writer, at) => {
        stage.leave(write(writer, at));
      });
      await waitUntil(async () => rounds >= 6, { what: "each writer to have written" });
      return { culprits: [] };
    },
  });

/** The look-alike: as many small commits as the server takes, in a log that holds a quarter of an hour of them. */
export const redoWithRoom = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "Small commits without a pause, in a redo log with room for them",
    tiers: ["immediate", "performance"],
    server: {
      settings:
        engine === "mysql"
          ? { "innodb-redo-log-capacity": "536870912" }
          : { "innodb-log-file-size": "536870912" },
    },
    make: async (stage) => {
      const table = stage.table();
      await fatTable(stage, table, 2);
      const writer = await openSession(stage.mysql());
      let open = true;
      stage.cleanUp(async () => {
        open = false;
        await writer.end();
      });
      let commits = 0;
      const write = async (): Promise<void> => {
        for (let n = 0; open; n += 1) {
          await writer.query(`UPDATE ${table} SET pad = 'p${n}' WHERE id = ${1 + (n % 800)}`);
          commits += 1;
        }
      };
      stage.leave(write());
      await waitUntil(async () => commits >= 200, { what: "200 commits" });
      return { culprits: [] };
    },
  });
