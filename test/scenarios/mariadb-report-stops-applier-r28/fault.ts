import type { RowDataPacket } from "mysql2";
import { type Connection, createConnection } from "mysql2/promise";
import { labUrl } from "../../lab/engines/lab-server.ts";
import { waitUntil } from "../../lab/engines/sql.ts";
import { idOf, oneMy } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { numbersTo } from "../support/mysql-numbers.ts";
import { ordinaryWork } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "mariadb",
  title:
    "A report on the replica runs over a table that was altered on the source: the applier waits for its metadata lock, the replica falls behind and its readers hang",
  tiers: ["immediate", "performance", "health"],
  server: { replicas: 1 },
  look: "replica",
  thresholds: {
    replicationLagSeconds: 5,
    longRunningSeconds: 8,
    killCandidateSeconds: 10,
    manyWaitingSeconds: 5,
  },
  make: async (stage) => {
    const app = await oneMy(stage, "storefront");
    await app.query("CREATE TABLE receipts (id int PRIMARY KEY, amount int NOT NULL, shop_no int NOT NULL)");
    await app.query(`INSERT INTO receipts SELECT n, (n * 7919) % 10007, n % 40 FROM ${numbersTo(5000)}`);
    await ordinaryWork(stage);
    const report = await onReplica(stage, "bi-report");
    await waitUntil(
      async () => {
        const [[row]] = await report.query<RowDataPacket[]>("SELECT COUNT(*) AS n FROM receipts");
        return row?.["n"] === 5000;
      },
      { what: "the replica has the receipts", timeoutMs: 30_000, everyMs: 100 },
    );
    const readers = [];
    for (let n = 0; n < 4; n += 1) readers.push(await onReplica(stage, "storefront-read"));
    stage.leave(
      report.query(`SELECT a.shop_no, COUNT(*) FROM receipts a JOIN receipts b ON a.amount < b.amount
        JOIN receipts c ON b.amount < c.amount GROUP BY a.shop_no`),
    );
    await readers[0]?.query("SELECT SLEEP(2)");
    await app.query("ALTER TABLE receipts ADD COLUMN tax int NOT NULL DEFAULT 0");
    const watcher = await createConnection({ uri: stage.server.replicas[0]?.adminUrl ?? "" });
    stage.cleanUp(async () => watcher.destroy());
    await waitingForTable(watcher, 1);
    for (const [index, one] of readers.entries()) {
      stage.leave(one.query(`SELECT amount FROM receipts WHERE id = ${index + 1}`));
    }
    await waitingForTable(watcher, 5);
    await waitUntil(
      async () => {
        const [[status]] = await watcher.query<RowDataPacket[]>("SHOW REPLICA STATUS");
        return Number(status?.["Seconds_Behind_Master"]) >= 11;
      },
      { what: "the replica falls behind", timeoutMs: 40_000, everyMs: 300 },
    );
    return { culprits: [idOf(report)] };
  },
});

async function onReplica(stage: Stage, program: string): Promise<Connection> {
  const port = stage.server.replicas[0]?.port ?? 0;
  const uri = labUrl("mariadb", port, "shop");
  const session = await waitUntil(
    () => createConnection({ uri, connectAttributes: { program_name: program } }),
    { what: "the application's user is on the replica", timeoutMs: 20_000, everyMs: 100 },
  );
  session.on("error", () => undefined);
  stage.cleanUp(async () => session.destroy());
  return session;
}

async function waitingForTable(watcher: Connection, count: number): Promise<void> {
  await waitUntil(
    async () => {
      const [[row]] = await watcher.query<RowDataPacket[]>(
        "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state LIKE 'Waiting for table metadata%'",
      );
      return Number(row?.["n"]) === count;
    },
    { what: `${count} wait for the table`, timeoutMs: 20_000, everyMs: 100 },
  );
}
