import { defineScenario } from "../scenario.ts";
import { context, reading, trend } from "../support/rds.ts";

const mib = 1024 ** 2;

/** The volume is as small as the lab can fill; what CloudWatch would show is made up to fit. */
export const scenario = defineScenario({
  engine: "mariadb",
  title: "Binary logs and the general log's table fill a small volume; CloudWatch tells no BinLogDiskUsage",
  tiers: ["immediate", "performance", "health"],
  server: { settings: { "general-log": "ON", "log-output": "TABLE" } },
  make: async (stage) => {
    const [session] = await stage.mySessions(stage.number(2, 6), stage.application());
    await session?.query("CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, pad varchar(1000))");
    for (let round = 0; round < 30; round += 1) {
      await session?.query(
        `INSERT INTO notes (pad) VALUES ${Array.from({ length: 400 }, () => `('${String(round % 10).repeat(900)}')`).join(", ")}`,
      );
      await session?.query("DELETE FROM notes");
    }
    return { culprits: [] };
  },
  metrics: () => [trend("FreeStorageSpace", 6 * mib, 5 * mib)],
  context: () =>
    context({
      readings: [
        reading(trend("FreeStorageSpace", 6 * mib, 5 * mib), "bytes", {
          day: 40 * mib,
          week: 45 * mib,
          capacity: 60 * mib,
        }),
      ],
    }),
});
