import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "orders-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The sequence of order_lines (integer) has reached 2147483647: since half an hour no order can be placed, everything else works",
  world: (dice) => {
    const since = dice.number(27, 31);
    const before = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 118,
        connections: 96,
        cpu: 31,
        iops: 520,
      }),
    );
    const ordinary = [
      logged(since + 9, { pid: 402 }, "LOG:  checkpoint starting: time"),
      logged(
        since + 4.5,
        { pid: 402 },
        "LOG:  checkpoint complete: wrote 8114 buffers (3.1%); 0 WAL file(s) added, 0 removed, 3 recycled; write=269.611 s, sync=0.008 s, total=269.660 s; sync files=98, longest=0.003 s, average=0.001 s; distance=61022 kB, estimate=71120 kB",
      ),
      logged(
        since + 2,
        { pid: 30_118 },
        'LOG:  automatic vacuum of table "orders.public.carts": index scans: 1',
      ),
    ];
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 300,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...before,
        CPUUtilization: turns(before["CPUUtilization"] ?? usual(31), since, 24),
        WriteIOPS: turns(before["WriteIOPS"] ?? usual(312), since, 134),
        WriteThroughput: turns(before["WriteThroughput"] ?? usual(6.5e6), since, 2.4e6),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.4, "IO:DataFileRead": 0.1 },
        [
          { sql: "SELECT * FROM carts WHERE id = $1", waits: { CPU: 0.2 } },
          {
            sql: "SELECT * FROM products WHERE category_id = $1 LIMIT $2",
            waits: { CPU: 0.1, "IO:DataFileRead": 0.1 },
          },
        ],
        { orders_api: 0.5 },
      ),
      logs: [
        errorLog(
          [
            ...ordinary,
            ...everySoOften(
              { from: since, to: 1, apart: 0.3 },
              { host: "10.4.18.23", user: "orders_api", database: "orders" },
              [
                'ERROR:  nextval: reached maximum value of sequence "order_lines_id_seq" (2147483647)',
                "STATEMENT:  INSERT INTO order_lines (order_id, sku, qty, price) VALUES ($1, $2, $3, $4) RETURNING id",
              ],
            ),
          ],
          1,
        ),
      ],
      way: "probe-failed",
    };
  },
});
