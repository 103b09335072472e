import { onePg } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A segment page deduplicates a wide result in 4 MB of work_mem: each click writes tens of MB of temporary files",
  tiers: ["immediate", "performance", "health"],
  majors: [16],
  make: async (stage) => {
    await ordinaryWork(stage);
    const table = `${stage.table()}_visits`;
    const owner = await onePg(stage, "deploy");
    await owner.query(
      `CREATE TABLE ${table} (id bigserial PRIMARY KEY, visitor text NOT NULL, page text NOT NULL, seconds int NOT NULL)`,
    );
    await owner.query(
      `INSERT INTO ${table} (visitor, page, seconds)
      SELECT md5((g / 2)::text), '/product/' || md5((g % 5000)::text) || '/details', g % 300
      FROM generate_series(1, ${stage.number(240_000, 280_000)}) g`,
    );
    await owner.query(`ANALYZE ${table}`);
    await owner.end();
    const pages = await stage.pgSessions(3, stage.application());
    await keepRunning(stage, pages, 12, async (session, turn) => {
      await session.query(
        `SELECT count(*), max(page) FROM (SELECT DISTINCT visitor, page FROM ${table} WHERE seconds >= $1 ORDER BY page, visitor) AS seen`,
        [turn % 10],
      );
    });
    return { culprits: [] };
  },
});
