import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader] = ["parcels-a", "parcels-b"];
const gib = 1024 ** 3;
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "parcels",
};
const bi = { host: "10.21.6.40(55122)", user: "reporting", database: "parcels", pid: 6120 };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An index on a table of 1.1 billion rows is sorted on the instance's own disk, which is all but full: others' sorts fail",
  world: (dice) => {
    const began = dice.number(25, 28);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf("parcels", [writer, reader], aurora),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 141, cpu: 35, iops: 240 }),
        ...calmReader(reader, 32),
        FreeLocalStorage: between(began, 2, 58 * gib, 0.4 * gib),
        CPUUtilization: steps(35, 71, began),
        ReadIOPS: steps(96, 2900, began),
        ReadThroughput: steps(1.7e6, 46e6, began),
        DiskQueueDepth: steps(0.3, 2.3, began),
        DBLoad: steps(1.4, 5.1, began),
        DBLoadCPU: steps(1.1, 2.4, began),
        DBLoadNonCPU: steps(0.3, 2.7, began),
        FreeableMemory: moves(7 * gib, 4.9 * gib, began),
        BufferCacheHitRatio: steps(99.8, 97.1, began),
      },
      events: [],
      load: loadOf(
        { CPU: 2.4, "IO:BufFileWrite": 1.4, "IO:DataFileRead": 1.1, "IO:XactSync": 0.2 },
        [
          {
            sql: "CREATE INDEX CONCURRENTLY shipment_events_hub_idx ON shipment_events USING btree (hub_id, scanned_at DESC)",
            waits: { CPU: 1.2, "IO:BufFileWrite": 1.3, "IO:DataFileRead": 0.6 },
          },
          {
            sql: "autovacuum: VACUUM ANALYZE public.parcel_scans",
            waits: { "IO:DataFileRead": 0.4, CPU: 0.2 },
          },
          { sql: "SELECT * FROM parcels WHERE tracking_no = $1", waits: { CPU: 0.4 } },
          {
            sql: "INSERT INTO parcel_scans (parcel_id, hub_id, at) VALUES ($1, $2, $3)",
            waits: { CPU: 0.2, "IO:XactSync": 0.2 },
          },
        ],
        { migrations: 3.1, app: 1.3, rdsadmin: 0.6 },
      ),
      logs: [
        errorLog(
          [
            logged(
              1,
              bi,
              'ERROR:  could not write to file "base/pgsql_tmp/pgsql_tmp6120.4": No space left on device',
            ),
            logged(
              1,
              bi,
              "STATEMENT:  SELECT hub_id, count(*) FROM parcel_scans WHERE at > $1 GROUP BY hub_id ORDER BY 2 DESC",
            ),
          ],
          1,
        ),
      ],
      alarm: below("FreeLocalStorage", 10 * gib, [9.8e9, 7.4e9, 5.1e9], 4, "Minimum"),
      way: "probe-failed",
    };
  },
});
