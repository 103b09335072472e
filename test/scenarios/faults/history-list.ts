import type { MysqlFamily, Scenario } from "../scenario.ts";

export const historyList = (engine: MysqlFamily): Scenario => ({
  engine,
  title: "A forgotten snapshot keeps a hundred thousand old row versions from being purged",
  tiers: ["immediate", "performance"],
  server: { settings: { "skip-log-bin": "" } },
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const [holder] = await stage.mySessions(1, stage.application());
    const writers = await stage.mySessions(6, stage.application());
    const [setup] = writers;
    if (holder === undefined) throw new Error("no session");
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    await setup?.query(`INSERT INTO ${table} VALUES (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0)`);
    await setup?.query(
      `CREATE PROCEDURE churn(which int, turns int) BEGIN
         WHILE turns > 0 DO UPDATE ${table} SET n = n + 1 WHERE id = which; SET turns = turns - 1; END WHILE;
       END`,
    );
    await holder.query("START TRANSACTION WITH CONSISTENT SNAPSHOT");
    const turns = Math.ceil(stage.number(104_000, 110_000) / writers.length);
    await Promise.all(writers.map((writer, index) => writer.query(`CALL churn(${index + 1}, ${turns})`)));
    // The age of the snapshot is the fault.
    await setup?.query("SELECT SLEEP(2.5)");
    return { culprits: [holder.threadId ?? 0] };
  },
});
