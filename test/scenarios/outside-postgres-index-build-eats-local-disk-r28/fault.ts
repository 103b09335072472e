import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const gib = 1024 ** 3;
const [writer, reader] = ["ledger-1", "ledger-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "ledger",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The sort of an index build on ledger_entries does not fit the instance's local storage; it failed once, was begun again, and now takes the reports' space too",
  world: (dice) => {
    const first = dice.number(84, 88);
    const [failed, again] = [45, 42];
    const local: Curve = (minutes) => {
      if (minutes > first) return 58.4 * gib;
      if (minutes > failed) return Math.max(0.02, 58.4 * ((minutes - failed) / (first - failed))) * gib;
      if (minutes > again) return 58.2 * gib;
      return Math.max(0.06, 58.2 * ((minutes - 2) / (again - 2))) * gib;
    };
    const build = { host: "10.4.2.90(40122)", user: "ledger_migrate", database: "ledger" };
    const report = (pid: number) => ({
      host: `10.4.33.9(${52_000 + pid})`,
      user: "ledger_reports",
      database: "ledger",
      pid,
    });
    const statement =
      "STATEMENT:  CREATE INDEX CONCURRENTLY ledger_entries_account_posted_idx ON ledger_entries (account_id, posted_at, reference)";
    const summed =
      "STATEMENT:  SELECT account_id, posted_at::date, sum(amount) FROM balances_daily WHERE posted_at >= $1 GROUP BY 1, 2 ORDER BY 1, 2";
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 133, cpu: 31, iops: 900 }),
    );
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf("ledger", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        FreeLocalStorage: local,
        VolumeBytesUsed: () => 2.1e12,
        CPUUtilization: steps(31, 57, first),
        DBLoad: steps(1.2, 3.1, first),
        DBLoadCPU: steps(0.95, 1.9, first),
        DBLoadNonCPU: steps(0.28, 1.2, first),
        ReadIOPS: steps(360, 5200, first),
        ReadThroughput: steps(6.5e6, 43e6, first),
      },
      events: [],
      load: loadOf(
        { CPU: 1.9, "IO:BufFileWrite": 0.6, "IO:DataFileRead": 0.5 },
        [
          {
            sql: "CREATE INDEX CONCURRENTLY ledger_entries_account_posted_idx ON ledger_entries (account_id, posted_at, reference)",
            waits: { CPU: 0.7, "IO:BufFileWrite": 0.5, "IO:DataFileRead": 0.5 },
          },
          { sql: "SELECT * FROM ledger_entries WHERE id = $1", waits: { CPU: 0.4 } },
        ],
        { ledger_app: 1.2, ledger_migrate: 1.7, ledger_reports: 0.2 },
      ),
      logs: [
        errorLog(
          [
            logged(
              failed,
              { ...build, pid: 31_204 },
              'ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp31204.0.sharedfileset/0.57": No space left on device',
            ),
            logged(failed, { ...build, pid: 31_204 }, statement),
            ...[3.1, 2.6, 1.9, 1.4, 1.1].flatMap((minutes, index) => {
              const who = report(33_410 + index * 17);
              return [
                logged(
                  minutes,
                  who,
                  `ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp${who.pid}.0": No space left on device`,
                ),
                logged(minutes, who, summed),
              ];
            }),
          ],
          1,
        ),
      ],
      alarm: below("FreeLocalStorage", 8 * gib, [8_420_000_000, 6_850_000_000, 5_290_000_000], 5),
      way: "probe-failed",
    };
  },
});
