import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const [writer, reader, cluster] = ["ledger-a", "ledger-b", "ledger"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};
const looker = { host: "10.8.4.77(41200)", user: "looker", database: "ledger", pid: 21_034 };
const report =
  "SELECT a.id, b.id, sum(a.amount) FROM postings a JOIN postings b ON a.batch = b.batch GROUP BY 1, 2 ORDER BY 3 DESC";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A report of looker joins postings with itself and spills until the writer's local storage is full; it and then others fail for want of space",
  world: (dice) => {
    const since = dice.number(41, 47);
    return {
      instances: [
        instanceOf(writer, { ...like, PromotionTier: 0 }),
        instanceOf(reader, { ...like, PromotionTier: 1 }),
      ],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-postgresql", EngineVersion: "15.6" }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 132, cpu: 31, iops: 800 }),
        ),
        ...calmReader(reader, 32),
        FreeLocalStorage: (minutes) =>
          minutes > since ? 61 * gib : (between(since, 3, 61 * gib, 0.3 * gib)(minutes) ?? null),
        CPUUtilization: turns(usual(31), since, 58),
        DBLoad: steps(1.2, 2.9, since),
        DBLoadCPU: steps(0.95, 1.9, since),
        DBLoadNonCPU: steps(0.28, 1, since),
        DiskQueueDepth: steps(1, 4, since),
      },
      events: [told(cluster, 611, "backup", "Automated backup completed", "cluster")],
      load: loadOf(
        { CPU: 1.9, "IO:BufFileWrite": 0.5, "IO:BufFileRead": 0.3, "IO:XactSync": 0.15 },
        [
          { sql: report, waits: { CPU: 0.9, "IO:BufFileWrite": 0.5, "IO:BufFileRead": 0.3 } },
          { sql: "SELECT * FROM accounts WHERE id = $1", waits: { CPU: 0.5 } },
          {
            sql: "INSERT INTO postings (account_id, batch, amount) VALUES ($1, $2, $3)",
            waits: { CPU: 0.3, "IO:XactSync": 0.15 },
          },
        ],
        { looker: 1.7, ledger_api: 1.15 },
      ),
      logs: [
        errorLog(
          [
            logged(
              310,
              { host: "10.8.1.9(50112)", user: "ledger_api", database: "ledger", pid: 11_402 },
              'ERROR:  duplicate key value violates unique constraint "postings_ref_key"',
            ),
            ...[2.6, 2.1, 1.8, 1.2].flatMap((minutes, index) => {
              const who = {
                host: `10.8.1.9(${50_300 + index * 8})`,
                user: "ledger_api",
                database: "ledger",
                pid: 20_100 + index * 5,
              };
              return [
                logged(
                  minutes,
                  who,
                  `ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp${20_100 + index * 5}.0": No space left on device`,
                ),
                logged(
                  minutes,
                  who,
                  "STATEMENT:  SELECT * FROM postings WHERE account_id = $1 ORDER BY booked_at",
                ),
              ];
            }),
            logged(
              1,
              looker,
              'ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp21034.58": No space left on device',
            ),
            logged(1, looker, `STATEMENT:  ${report}`),
            ...[55, 56, 57].flatMap((file) => [
              logged(
                1,
                looker,
                `LOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp21034.${file}", size 1073741824`,
              ),
              logged(1, looker, `STATEMENT:  ${report}`),
            ]),
          ],
          1,
        ),
      ],
      alarm: below("FreeLocalStorage", 6 * gib, [6_210_000_000, 5_120_000_000, 3_970_000_000], 5),
      way: "probe-failed",
    };
  },
});
