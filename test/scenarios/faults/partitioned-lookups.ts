import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";

/** Many sessions ask a table of many partitions, each with indexes, for one account; with its month, or without. */
export const partitionedLookups = (title: string, pruned: boolean) =>
  defineScenario({
    engine: "postgres",
    title,
    tiers: ["immediate", "performance"],
    server: { maxConnections: 80, settings: { max_locks_per_transaction: "1024" } },
    majors: [14, 15, 16, 17],
    make: async (stage) => {
      const table = stage.table();
      const readers = await stage.pgSessions(stage.number(36, 44), stage.application());
      const [setup] = readers;
      await setup?.query(
        `CREATE TABLE ${table} (id bigint, account int, month int, amount int) PARTITION BY LIST (month)`,
      );
      const months = Array.from({ length: 120 }, (_, month) => month);
      for (const month of months)
        await setup?.query(`CREATE TABLE ${table}_${month} PARTITION OF ${table} FOR VALUES IN (${month})`);
      for (const column of ["id", "account", "amount"])
        await setup?.query(`CREATE INDEX ON ${table} (${column})`);
      await keepRunning(stage, readers, 400, (session, turn) =>
        pruned
          ? session.query(`SELECT amount FROM ${table} WHERE account = $1 AND month = ${turn % 120}`, [turn])
          : session.query(`SELECT amount FROM ${table} WHERE account = $1`, [turn]),
      );
      return { culprits: [] };
    },
  });
