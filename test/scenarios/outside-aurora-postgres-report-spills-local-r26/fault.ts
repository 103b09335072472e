import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [writer, reader, cluster] = ["ledger-one", "ledger-two", "ledger"];
const gib = 1024 ** 3;
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.9",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: cluster,
};
const statement =
  "SELECT e.account_id, e.booked_on, e.amount, c.name FROM ledger_entries e JOIN counterparties c ON c.kind = e.kind ORDER BY e.booked_on, e.amount";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A report joins the ledger without its key and sorts the result on disk: the instance's local storage runs full, the report fails, and is tried again",
  world: (dice) => {
    const failed = dice.number(2, 4);
    const takes = 22;
    const local = (minutes: number) => {
      const since = minutes - failed;
      if (since < 0) return 27.6 * gib;
      if (since > takes * 3) return usual(28 * gib)(minutes);
      const left = since % takes;
      return Math.max(0.1 * gib, 28 * gib * (left / takes));
    };
    const started = failed + takes * 3;
    const works = (calm: number, spilling: number) => (minutes: number) =>
      minutes > started ? usual(calm)(minutes) : spilling;
    const bi = (pid: number) => ({ host: "10.5.40.8(60114)", user: "finance_bi", database: "ledger", pid });
    const fails = (minutes: number, pid: number) => [
      logged(
        minutes,
        bi(pid),
        `ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp${pid}.26": No space left on device`,
      ),
      logged(minutes, bi(pid), `STATEMENT:  ${statement}`),
      ...Array.from({ length: 3 }, (_, index) => [
        logged(
          minutes,
          bi(pid),
          `LOG:  temporary file: path "base/pgsql_tmp/pgsql_tmp${pid}.${index}", size 1073741824`,
        ),
        logged(minutes, bi(pid), `STATEMENT:  ${statement}`),
      ]).flat(),
    ];
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, { ...like, PromotionTier: 1 })],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-postgresql", EngineVersion: "14.9" }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 71, cpu: 24, iops: 210 }),
        ),
        ...calmReader(reader, 16),
        FreeLocalStorage: local,
        CPUUtilization: works(24, 68),
        DBLoad: works(0.5, 1.7),
        DBLoadCPU: works(0.37, 1.1),
        DBLoadNonCPU: works(0.13, 0.6),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { CPU: 1.1, "IO:BufFileWrite": 0.46, "IO:XactSync": 0.04 },
        [
          { sql: statement, waits: { CPU: 0.52, "IO:BufFileWrite": 0.46 } },
          {
            sql: "INSERT INTO ledger_entries (account_id, kind, booked_on, amount) VALUES ($1, $2, $3, $4)",
            waits: { CPU: 0.11, "IO:XactSync": 0.03 },
          },
        ],
        { finance_bi: 1, ledger_app: 0.5 },
      ),
      logs: [
        errorLog(
          [...fails(failed + takes * 2, 21_877), ...fails(failed + takes, 22_410), ...fails(failed, 22_991)],
          failed,
        ),
      ],
      alarm: below("FreeLocalStorage", 4 * gib, [3_860_000_000, 2_510_000_000, 1_180_000_000], failed + 1),
      way: "probe-failed",
    };
  },
});
