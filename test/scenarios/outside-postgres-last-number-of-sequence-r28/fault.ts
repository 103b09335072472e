import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "warehouse-scans";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The sequence of scan_events has given its last integer: no scan is stored any more, and nothing else looks wrong; a person asked",
  world: (dice) => {
    const since = dice.number(31, 36);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 16,
        freeGib: 141,
        connections: 72,
        cpu: 34,
        iops: 760,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        WriteIOPS: steps(456, 118, since),
        WriteThroughput: steps(9.6e6, 2.2e6, since),
        TransactionLogsGeneration: steps(0.94e6, 0.17e6, since),
        CPUUtilization: steps(34, 21, since),
        DBLoad: steps(0.68, 0.33, since),
        DBLoadCPU: steps(0.52, 0.27, since),
        DBLoadNonCPU: steps(0.16, 0.06, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.27, "IO:WALWrite": 0.04 },
        [
          { sql: "SELECT * FROM parcels WHERE barcode = $1", waits: { CPU: 0.14 } },
          {
            sql: "INSERT INTO scan_events (parcel_id, gate, scanned_at) VALUES ($1, $2, $3)",
            waits: { CPU: 0.05 },
          },
        ],
        { scanner: 0.29, rdsadmin: 0.02 },
      ),
      logs: [
        errorLog(
          everySoOften(
            { from: since, to: 1, apart: 0.5 },
            { host: "10.4.18.23", user: "scanner", database: "warehouse" },
            [
              'ERROR:  nextval: reached maximum value of sequence "scan_events_id_seq" (2147483647)',
              "STATEMENT:  INSERT INTO scan_events (parcel_id, gate, scanned_at) VALUES ($1, $2, $3)",
            ],
          ),
          1,
        ),
      ],
      way: "probe-failed",
    };
  },
});
