import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "tickets-1";
const reader = "tickets-2";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
  DBInstanceClass: "db.r6g.4xlarge",
  DBClusterIdentifier: "tickets",
};
const rowLock = "synch/cond/innodb/row_lock_wait_cond";

const cluster = clusterOf("tickets", [id, reader], {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.07.1",
});

function loadWith(waiting: number) {
  return loadOf(
    {
      [rowLock]: waiting,
      CPU: 5.2,
      "io/aurora_redo_log_flush": 1.1,
      "synch/mutex/innodb/trx_sys_mutex": 0.5,
    },
    [
      {
        sql: "UPDATE `events` SET `sold` = `sold` + ? WHERE `id` = ?",
        waits: { [rowLock]: waiting, CPU: 0.9 },
      },
      {
        sql: "INSERT INTO `tickets` ( `event_id` , `holder` ) VALUES (...)",
        waits: { CPU: 1.1, "io/aurora_redo_log_flush": 1 },
      },
    ],
    { shop: waiting + 6.5, rdsadmin: 0.1 },
  );
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A nervous CPU alarm at 45 %, while all updates of one counter queue for its row and go on all the time",
  world: (dice) => {
    const waiting = dice.number(52, 70);
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster,
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 16, memoryGib: 128, connections: 260, cpu: 33, iops: 700 }),
        CPUUtilization: steps(33, 48, 17),
        DBLoad: steps(5, waiting + 7, 17),
        DBLoadCPU: steps(4.1, 5.2, 17),
        DBLoadNonCPU: steps(0.9, waiting + 1.8, 17),
        // Transactions come and go faster than on other days: nobody sits on the row.
        CommitThroughput: steps(210, 380, 17),
        CommitLatency: steps(2.4, 3.1, 17),
        DMLLatency: steps(1.4, 168, 17),
        BlockedTransactions: steps(0.1, 61, 17),
        DatabaseConnections: steps(260, 318, 17),
        Queries: steps(1900, 3300, 17),
        ...calmReader(reader, 128),
      },
      events: [],
      load: loadWith(waiting),
      alarm: above("CPUUtilization", 45, [47, 48, 48], 13),
      way: "probe-failed",
    };
  },
});
