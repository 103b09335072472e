import { calmAurora } from "../support/outside/calm.ts";
import { moves, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const [id, cluster] = ["stock-aurora-1", "stock-aurora"];
const holder = 18_431;
const taken = "UPDATE stock_levels SET qty = qty - $1 WHERE warehouse_id = $2 AND sku = $3";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "stock_sync updated a whole warehouse in one transaction, and has said nothing since: process 18431 keeps the rows, and all sales of that warehouse wait for it",
  world: (dice) => {
    const since = dice.number(21, 24);
    const waiting = Array.from({ length: 17 }, (_, index) => {
      const pid = 21_990 + index * 7;
      const client = {
        host: `10.4.18.${20 + (index % 6)}(${47_010 + index * 19})`,
        user: "shop_app",
        database: "shop",
        pid,
      };
      const queue = `${pid}`;
      const at = since - 0.6 - index * 1.2;
      return [
        logged(
          at,
          client,
          `LOG:  process ${pid} still waiting for ShareLock on transaction 918273645 after 1000.0${10 + index} ms`,
        ),
        logged(at, client, `DETAIL:  Process holding the lock: ${holder}. Wait queue: ${queue}.`),
        logged(
          at,
          client,
          `CONTEXT:  while updating tuple (${812 + index * 3},${1 + (index % 19)}) in relation "stock_levels"`,
        ),
        logged(at, client, `STATEMENT:  ${taken}`),
      ];
    });
    const sync = { host: "10.4.77.5(40122)", user: "stock_sync", database: "shop", pid: holder };
    const before = calmAurora({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 16,
      connections: 108,
      cpu: 38,
      iops: 300,
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-postgresql",
          EngineVersion: "15.6",
          DBInstanceClass: "db.r6g.large",
          DBClusterIdentifier: cluster,
        }),
      ],
      cluster: clusterOf(cluster, [id], {
        Engine: "aurora-postgresql",
        EngineVersion: "15.6",
        MultiAZ: false,
      }),
      metrics: {
        ...before,
        CPUUtilization: steps(38, 21, since),
        CommitThroughput: steps(210, 96, since),
        DatabaseConnections: (back) => (back > since ? usual(108)(back) : moves(110, 172, since)(back)),
        DBLoad: (back) => (back > since ? 0.8 : moves(2, 34, since)(back)),
        DBLoadCPU: steps(0.58, 0.34, since),
        DBLoadNonCPU: (back) => (back > since ? 0.2 : moves(1.6, 33.6, since)(back)),
      },
      load: loadOf(
        { "Lock:transactionid": 19.6, "Lock:tuple": 6.1, CPU: 0.34, "IO:XactSync": 0.1 },
        [
          { sql: taken, waits: { "Lock:transactionid": 19.6, "Lock:tuple": 6.1 } },
          {
            sql: "SELECT sku, qty FROM stock_levels WHERE warehouse_id = $1 AND sku = ANY($2)",
            waits: { CPU: 0.2 },
          },
          {
            sql: "INSERT INTO sales (sku, qty, sold_at) VALUES ($1, $2, $3)",
            waits: { CPU: 0.1, "IO:XactSync": 0.1 },
          },
        ],
        { shop_app: 26.1 },
      ),
      logs: [
        errorLog(
          [
            logged(
              since,
              sync,
              "LOG:  duration: 4127.310 ms  statement: UPDATE stock_levels SET reserved = 0, synced_at = now() WHERE warehouse_id = 14",
            ),
            ...waiting.flat(),
          ],
          1,
        ),
      ],
      alarm: above("DatabaseConnections", 150, [151, 154, 157], 6),
      way: "probe-failed",
    };
  },
});
