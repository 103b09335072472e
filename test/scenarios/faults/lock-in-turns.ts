import { makeTable, oneMy, onePg } from "../lock-waits.ts";
import type { MysqlFamily, Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

interface Worker {
  query(sql: string): Promise<unknown>;
}

/** Each does its turn again and again, and all of them want the same lock for it. */
export function inTurns(
  stage: Stage,
  workers: readonly Worker[],
  turn: (worker: Worker) => Promise<void>,
): void {
  let running = true;
  const loops = workers.map(async (worker) => {
    while (running) await turn(worker);
  });
  for (const loop of loops) stage.leave(loop);
  stage.cleanUp(async () => {
    running = false;
    await Promise.all(loops);
  });
}

/** Workers that pass one lock on, each keeping it for a moment. `turn` says the statements of a turn. */
export const postgresTurns = (title: string, turn: (table: string) => readonly string[]): Scenario => ({
  engine: "postgres",
  title,
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.pgSessions(stage.number(28, 36), stage.application());
    const watcher = await onePg(stage, "watcher");
    await makeTable(watcher, table);
    inTurns(stage, workers, async (worker) => {
      for (const statement of turn(table)) await worker.query(statement);
    });
    await watcher.query("SELECT pg_sleep(6)");
    return { culprits: [] };
  },
});

export const mysqlTurns = (
  engine: MysqlFamily,
  title: string,
  turn: (table: string) => readonly string[],
): Scenario => ({
  engine,
  title,
  make: async (stage) => {
    const table = stage.table();
    const workers = await stage.mySessions(stage.number(28, 36), stage.application());
    const watcher = await oneMy(stage, "watcher");
    await makeTable(watcher, table);
    inTurns(stage, workers, async (worker) => {
      for (const statement of turn(table)) await worker.query(statement);
    });
    await watcher.query("SELECT SLEEP(6)");
    return { culprits: [] };
  },
});
