import type { RowDataPacket } from "mysql2/promise";
import { waitUntil } from "../../lab/engines/sql.ts";
import { makeTable, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title: "Workers of a job queue wait inside the database by DO SLEEP, without load and without harm",
  tiers: ["immediate", "performance"],
  thresholds: { longRunningSeconds: 2, killCandidateSeconds: 4 },
  make: async (stage) => {
    const setup = await oneMy(stage, "setup");
    await makeTable(setup, stage.table());
    const workers = await stage.mySessions(stage.number(4, 6), stage.application());
    for (const worker of workers) stage.leave(worker.query("DO SLEEP(60)"));
    await stage.mySessions(stage.number(3, 8), stage.application());
    await waitUntil(
      async () => {
        const [[row]] = await setup.query<RowDataPacket[]>(
          "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE info LIKE 'DO SLEEP%' AND time >= 6",
        );
        return Number(row?.["n"]) === workers.length;
      },
      { what: "the workers have waited for six seconds", timeoutMs: 20_000 },
    );
    return { culprits: [] };
  },
});
