import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "parcels";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A page released half an hour ago looks shipments up by a column that has no index: each call reads 21.9 million rows from the cache",
  world: (dice) => {
    const since = dice.number(33, 38);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 231,
        connections: 118,
        cpu: 37,
        iops: 640,
      }),
    );
    const plans = Array.from({ length: 24 }, (_, index) => {
      const who = {
        host: `10.4.${18 + (index % 2)}.${23 + (index % 4)}(${51_100 + index * 9})`,
        user: "parcels_web",
        database: "parcels",
        pid: 20_110 + index * 7,
      };
      const took = (4180 + ((index * 377) % 2900) + 0.412).toFixed(3);
      return logged(
        since - 1 - index * 1.3,
        who,
        `LOG:  duration: ${took} ms  plan:
	Query Text: SELECT id, state, carrier, updated_at FROM shipments WHERE customer_ref = $1 ORDER BY updated_at DESC LIMIT 20
	Limit  (cost=743115.18..743115.19 rows=4 width=61) (actual rows=3 loops=1)
	  ->  Sort  (cost=743115.18..743115.19 rows=4 width=61) (actual rows=3 loops=1)
	        Sort Key: updated_at DESC
	        Sort Method: quicksort  Memory: 25kB
	        ->  Seq Scan on shipments  (cost=0.00..743115.14 rows=4 width=61) (actual rows=3 loops=1)
	              Filter: ((customer_ref)::text = '(redacted)'::text)
	              Rows Removed by Filter: 21884013`,
      );
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6i.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: steps(37, 97.4, since),
        DatabaseConnections: steps(118, 176, since - 4),
        DBLoad: steps(1.5, 18.6, since),
        DBLoadCPU: steps(1.1, 17.7, since),
        DBLoadNonCPU: steps(0.34, 0.9, since),
        ReadIOPS: steps(256, 312, since),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(1310).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-ci",
          detail: "dBInstanceIdentifier=parcels, applyImmediately=false, copyTagsToSnapshot=true",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 17.7, "IO:DataFileRead": 0.6, "Client:ClientRead": 0.2 },
        [
          {
            sql: "SELECT id, state, carrier, updated_at FROM shipments WHERE customer_ref = $1 ORDER BY updated_at DESC LIMIT $2",
            waits: { CPU: 16.4, "IO:DataFileRead": 0.3 },
          },
          { sql: "SELECT * FROM shipments WHERE id = $1", waits: { CPU: 0.5 } },
          { sql: "UPDATE shipments SET state = $1, updated_at = now() WHERE id = $2", waits: { CPU: 0.3 } },
        ],
        { parcels_web: 17.5, parcels_jobs: 1 },
      ),
      logs: [errorLog(plans, 1)],
      alarm: above("CPUUtilization", 85, [96.4, 97.2, 97.9], since - 6),
      way: "probe-failed",
    };
  },
});
