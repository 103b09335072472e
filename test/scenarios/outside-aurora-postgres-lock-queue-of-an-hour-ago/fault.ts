import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [cluster, id, reader] = ["vouchers", "vouchers-1", "vouchers-2"];
const member = {
  Engine: "aurora-postgresql",
  EngineVersion: "13.18",
  DBInstanceClass: "db.r6g.xlarge",
  DBName: "vouchers",
  DBClusterIdentifier: cluster,
};
const select = "STATEMENT:  SELECT v.code, v.amount FROM vouchers v WHERE v.code = $1";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A migration waited four minutes behind a report, and everybody behind it; it got its lock an hour ago, and all is as before",
  world: (dice) => {
    const began = dice.number(68, 73);
    const ended = began - 4;
    const api = (index: number) => ({
      host: `10.3.0.14(${44_000 + index})`,
      user: "voucher_api",
      database: "vouchers",
      pid: 3301 + index * 4,
    });
    const migrator = { host: "10.3.8.2(51002)", user: "migrator", database: "vouchers", pid: 3290 };
    const queue = Array.from({ length: 24 }, (_, index) => index);
    return {
      instances: [instanceOf(id, member), instanceOf(reader, member)],
      cluster: clusterOf(cluster, [id, reader], {
        Engine: member.Engine,
        EngineVersion: member.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 103, cpu: 29, iops: 600 }),
        ),
        ...calmReader(reader, 32),
        DBLoad: during(began, ended, 27, 1.2),
        DBLoadNonCPU: during(began, ended, 26.2, 0.3),
        DatabaseConnections: during(began, ended, 148, 103),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          [
            ...[
              "LOG:  process 3290 still waiting for AccessExclusiveLock on relation 16777 of database 16401 after 1000.093 ms",
              "DETAIL:  Process holding the lock: 2811. Wait queue: 3290.",
              "STATEMENT:  ALTER TABLE vouchers ADD COLUMN campaign_id bigint",
            ].map((line) => logged(began - 0.02, migrator, line)),
            ...queue.flatMap((index) =>
              [
                `LOG:  process ${api(index).pid} still waiting for AccessShareLock on relation 16777 of database 16401 after 1000.0${(index % 80) + 11} ms`,
                `DETAIL:  Process holding the lock: 2811. Wait queue: 3290, ${queue
                  .slice(0, index + 1)
                  .map((nth) => api(nth).pid)
                  .join(", ")}.`,
                select,
              ].map((line) => logged(began - 0.1 - index * 0.12, api(index), line)),
            ),
            logged(
              ended,
              migrator,
              "LOG:  process 3290 acquired AccessExclusiveLock on relation 16777 of database 16401 after 240117.402 ms",
            ),
            ...queue.map((index) =>
              logged(
                ended - 0.01,
                api(index),
                `LOG:  process ${api(index).pid} acquired AccessShareLock on relation 16777 of database 16401 after ${234_000 - index * 7200}.118 ms`,
              ),
            ),
            logged(
              14,
              { pid: 440 },
              'LOG:  automatic analyze of table "vouchers.public.redemptions" system usage: CPU: user: 0.21 s, system: 0.01 s, elapsed: 0.44 s',
            ),
            logged(6, api(91), "LOG:  could not receive data from client: Connection reset by peer"),
          ],
          6,
        ),
      ],
      load: loadOf(
        { CPU: 0.9, "IO:XactSync": 0.2 },
        [{ sql: "SELECT v.code, v.amount FROM vouchers v WHERE v.code = ?", waits: { CPU: 0.5 } }],
        { voucher_api: 1.1 },
      ),
      alarm: { ...above("DBLoad", 12, [26.4, 27.8, 26.9], began - 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
