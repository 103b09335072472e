import { defineScenario } from "../scenario.ts";
import { context, reading, steady, trend } from "../support/rds.ts";

const gib = 1024 ** 3;

export const scenario = defineScenario({
  engine: "mysql",
  title: "Tables have filled nine tenths of the volume; its binary logs are those of a busy day",
  tiers: ["immediate", "performance", "health"],
  make: async (stage) => {
    const [session] = await stage.mySessions(stage.number(2, 6), stage.application());
    await session?.query("CREATE TABLE ledger (id int PRIMARY KEY, note varchar(40))");
    return { culprits: [] };
  },
  metrics: () => [trend("FreeStorageSpace", 10.1 * gib, 9 * gib), steady("BinLogDiskUsage", 3 * gib)],
  context: () =>
    context({
      readings: [
        reading(trend("FreeStorageSpace", 10.1 * gib, 9 * gib), "bytes", {
          day: 31 * gib,
          week: 40 * gib,
          capacity: 100 * gib,
        }),
        reading(steady("BinLogDiskUsage", 3 * gib), "bytes", { day: 3 * gib, week: 2 * gib }),
      ],
    }),
});
