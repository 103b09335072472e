import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "orders-prod";
const deployer = { host: "10.31.4.77(40112)", user: "deployer", database: "orders", pid: 20_713 };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A deploy's ALTER TABLE orders waits behind an export that has read the table for 47 minutes, and every query of orders waits behind the ALTER",
  world: (dice) => {
    const since = dice.number(11, 13);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        connections: 182,
        cpu: 33,
        iops: 760,
        freeGib: 231,
      }),
    );
    const app = (index: number) => ({
      host: `10.31.${8 + (index % 3)}.${20 + index}(${51_000 + index * 13})`,
      user: "orders_app",
      database: "orders",
      pid: 20_760 + index * 4,
    });
    const waiter = (index: number, mode: string, statement: string) => {
      const at = since - 0.3 - index * 0.6;
      const queue = Array.from({ length: index + 1 }, (_, each) => app(each).pid).join(", ");
      return [
        logged(
          at,
          app(index),
          `LOG:  process ${app(index).pid} still waiting for ${mode} on relation 16532 of database 16405 after 1000.${112 + index} ms${statement.startsWith("SELECT") ? " at character 84" : ""}`,
        ),
        logged(at, app(index), `DETAIL:  Process holding the lock: 18844. Wait queue: 20713, ${queue}.`),
        logged(at, app(index), `STATEMENT:  ${statement}`),
      ];
    };
    const select =
      "SELECT o.id, o.status, o.total, o.created_at FROM orders o WHERE o.customer_id = $1 ORDER BY o.created_at DESC LIMIT 20";
    const update = "UPDATE orders SET status = $1, updated_at = now() WHERE id = $2";
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(33), since, 9),
        DatabaseConnections: fillsUp(usual(182), since, 7, 264),
        DBLoad: fillsUp(usual(1.4), since, 22, 238),
        DBLoadCPU: turns(usual(1.0), since, 0.3),
        DBLoadNonCPU: fillsUp(usual(0.4), since, 22, 237.7),
        WriteIOPS: turns(usual(456), since, 96),
        WriteThroughput: turns(usual(9.5e6), since, 1.9e6),
        NetworkTransmitThroughput: turns(usual(5.6e6), since, 2.1e6),
      },
      events: [
        told(id, since + 4, "creation", "Manual snapshot created"),
        told(id, since + 9, "backup", "Backing up DB instance"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { "Lock:relation": 170, "IO:DataFileRead": 0.7, CPU: 0.4, "Client:ClientWrite": 0.3 },
        [
          { sql: select, waits: { "Lock:relation": 114 } },
          { sql: update, waits: { "Lock:relation": 42 } },
          {
            sql: "INSERT INTO orders (customer_id, status, total, created_at) VALUES ($1, $2, $3, now()) RETURNING id",
            waits: { "Lock:relation": 13 },
          },
          { sql: "ALTER TABLE orders ADD COLUMN gift_note text", waits: { "Lock:relation": 1 } },
          {
            sql: "COPY (SELECT * FROM orders WHERE created_at >= date '2024-01-01') TO STDOUT WITH (FORMAT csv)",
            waits: { "IO:DataFileRead": 0.6, "Client:ClientWrite": 0.3, CPU: 0.1 },
          },
        ],
        { orders_app: 169.4, deployer: 1, export_ro: 1 },
      ),
      logs: [
        errorLog(
          [
            logged(since + 34, { pid: 401 }, "LOG:  checkpoint starting: time"),
            logged(
              since + 30,
              { pid: 401 },
              "LOG:  checkpoint complete: wrote 8114 buffers (0.8%); 0 WAL file(s) added, 1 removed, 3 recycled; write=239.812 s, sync=0.006 s, total=239.874 s; sync files=118, longest=0.003 s, average=0.001 s; distance=61884 kB, estimate=64120 kB",
            ),
            logged(
              since,
              deployer,
              "LOG:  process 20713 still waiting for AccessExclusiveLock on relation 16532 of database 16405 after 1000.094 ms",
            ),
            logged(since, deployer, "DETAIL:  Process holding the lock: 18844. Wait queue: 20713."),
            logged(since, deployer, "STATEMENT:  ALTER TABLE orders ADD COLUMN gift_note text"),
            ...Array.from({ length: 14 }, (_, index) =>
              index % 3 === 2
                ? waiter(index, "RowExclusiveLock", update)
                : waiter(index, "AccessShareLock", select),
            ).flat(),
          ],
          1,
        ),
      ],
      changes: [
        {
          at: ago(since + 10).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "CreateDBSnapshot",
          by: "github-deploy",
          detail: `dBSnapshotIdentifier=pre-release-2418, dBInstanceIdentifier=${id}`,
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 240, [244, 251, 258], since - 11),
      way: "probe-failed",
    };
  },
});
