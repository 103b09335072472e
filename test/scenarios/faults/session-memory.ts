import { waitUntil } from "../../lab/engines/sql.ts";
import { defineScenario, type MysqlFamily } from "../scenario.ts";
import { context, reading, trend } from "../support/rds.ts";

const mib = 1024 ** 2;

/** The instance of the story is small, so that one session's buffers are a good part of it. */
export const sessionTakesMemory = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "One session sorts in buffers of its own that are far too large, and memory runs out",
    tiers: ["immediate", "performance"],
    server: { settings: { "max-heap-table-size": "268435456", "tmp-table-size": "268435456" } },
    make: async (stage) => {
      const sessions = await stage.mySessions(stage.number(2, 5), stage.application());
      const [hungry, other] = sessions;
      const text = `CONCAT(${Array.from({ length: 10 }, (_, n) => `@pad${n}`).join(", ")})`;
      for (let n = 0; n < 10; n += 1) await hungry?.query(`SET @pad${n} = REPEAT('${n}', 12000000)`);
      if (hungry !== undefined) stage.leave(hungry.query(`SELECT LENGTH(${text}), SLEEP(20)`));
      await waitUntil(
        async () => {
          const [rows] = (await other?.query(
            "SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT LENGTH%' AND command = 'Query'",
          )) ?? [[]];
          return Array.isArray(rows) && rows.length === 1;
        },
        { what: "the statement to run" },
      );
      return { culprits: [hungry?.threadId ?? 0] };
    },
    metrics: () => [trend("FreeableMemory", 400 * mib, 20 * mib), trend("SwapUsage", 90 * mib, 500 * mib)],
    context: () =>
      context(
        {
          readings: [
            reading(trend("FreeableMemory", 400 * mib, 20 * mib), "bytes", {
              day: 420 * mib,
              week: 410 * mib,
            }),
            reading(trend("SwapUsage", 90 * mib, 500 * mib), "bytes", { day: 4 * mib, week: 4 * mib }),
          ],
        },
        { instanceClass: "db.t4g.micro" },
      ),
  });
