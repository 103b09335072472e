import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { context, reading, trend } from "../support/rds.ts";

const gib = 1024 ** 3;
const free = () => trend("FreeStorageSpace", 16 * gib, 4 * gib);

export const scenario = defineScenario({
  engine: "mysql",
  title:
    "An archive job copies rows without an end, and the volume fills with them while others work as ever",
  tiers: ["immediate", "performance"],
  make: async (stage) => {
    const table = stage.table();
    const archive = `${table}_archive`;
    const clients = await stage.mySessions(3, stage.application());
    const job = await oneMy(stage, "archiver");
    await makeTable(job, table);
    await job.query(`CREATE TABLE ${archive} (id int, body varchar(2000))`);
    const seed = Array.from({ length: 400 }, (_, index) => `(${index}, REPEAT('a', 1500))`).join(", ");
    await job.query(`INSERT INTO ${archive} VALUES ${seed}`);
    await keepRunning(stage, [job], 12, (session) =>
      session.query(`INSERT INTO ${archive} SELECT id, body FROM ${archive} LIMIT 400`),
    );
    await keepRunning(stage, clients, 30, async (session, turn) => {
      await session.query(`SELECT n FROM ${table} WHERE id = ${turn % 50}`);
      await session.query("DO SLEEP(0.05)");
    });
    return { culprits: [] };
  },
  metrics: () => [free()],
  context: () => context({ readings: [reading(free(), "bytes", { day: 17 * gib, capacity: 100 * gib })] }),
});
