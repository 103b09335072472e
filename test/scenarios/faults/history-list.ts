import type { MysqlFamily, Scenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";

type Session = Awaited<ReturnType<Stage["mySessions"]>>[number];

/** Whose views, if any, keep the versions that a hundred thousand changes leave. */
interface Holders {
  readonly title: string;
  /** How many sessions of the application idle in a transaction besides the writers. */
  readonly count: number;
  /** Opens their transactions before the changes are made; the id of who is to blame, or none. */
  open(sessions: readonly Session[], table: string): Promise<readonly (Session | undefined)[]>;
}

const snapshot = "START TRANSACTION WITH CONSISTENT SNAPSHOT";

export const historyList = (engine: MysqlFamily): Scenario =>
  madeBy(engine, {
    title: "A forgotten snapshot keeps a hundred thousand old row versions from being purged",
    count: 1,
    open: async ([holder]) => {
      await holder?.query(snapshot);
      return [holder];
    },
  });

/** The older transaction has changed a row and reads nothing: it has no view, whatever its isolation level. */
export const historyListBesideInnocent = (engine: MysqlFamily): Scenario =>
  madeBy(engine, {
    title: "An older idle transaction without a view stands beside the one whose view holds purge",
    count: 3,
    open: async ([innocent, another, culprit], table) => {
      await innocent?.query("BEGIN");
      await innocent?.query(`UPDATE ${table} SET n = 0 WHERE id = 11`);
      await another?.query("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
      await another?.query("BEGIN");
      await another?.query(`SELECT * FROM ${table} WHERE id = 12 FOR UPDATE`);
      await culprit?.query("DO SLEEP(1.2)");
      await culprit?.query("BEGIN");
      await culprit?.query(`SELECT * FROM ${table}`);
      await culprit?.query(`UPDATE ${table} SET n = 0 WHERE id = 13`);
      return [culprit];
    },
  });

/** MySQL lists neither: which view purge waits for cannot be told, and with one gone the other still holds it. */
export const historyListOfTwoReaders = (engine: MysqlFamily): Scenario =>
  madeBy(engine, {
    title: "Two forgotten snapshots hold purge, and to end one of them would free nothing",
    count: 2,
    open: async (readers) => {
      for (const reader of readers) await reader.query(snapshot);
      return [];
    },
  });

const madeBy = (engine: MysqlFamily, { title, count, open }: Holders): Scenario => ({
  engine,
  title,
  tiers: ["immediate", "performance"],
  server: { settings: { "skip-log-bin": "" } },
  thresholds: { idleInTransactionSeconds: 1, killCandidateSeconds: 2 },
  make: async (stage) => {
    const table = stage.table();
    const holders = await stage.mySessions(count, stage.application());
    const writers = await stage.mySessions(6, stage.application());
    const [setup] = writers;
    await setup?.query(`CREATE TABLE ${table} (id int PRIMARY KEY, n int)`);
    const rows = Array.from({ length: 13 }, (_, index) => `(${index + 1}, 0)`).join(", ");
    await setup?.query(`INSERT INTO ${table} VALUES ${rows}`);
    await setup?.query(
      `CREATE PROCEDURE churn(which int, turns int) BEGIN
         WHILE turns > 0 DO UPDATE ${table} SET n = n + 1 WHERE id = which; SET turns = turns - 1; END WHILE;
       END`,
    );
    const culprits = await open(holders, table);
    const turns = Math.ceil(stage.number(104_000, 110_000) / writers.length);
    await Promise.all(writers.map((writer, index) => writer.query(`CALL churn(${index + 1}, ${turns})`)));
    // The age of the snapshot is the fault.
    await setup?.query("SELECT SLEEP(2.5)");
    return { culprits: culprits.map((culprit) => culprit?.threadId ?? 0) };
  },
});
