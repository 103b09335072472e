import { calmRds } from "../support/outside/calm.ts";
import { even, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "trades-prod";
const group = "trades-prod-params";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "max_wal_size was cut to 1 GB for a faster recovery: a checkpoint each dozen seconds, whole pages into the WAL again and again, and the volume is at its throughput",
  world: (dice) => {
    const since = dice.number(48, 54);
    const {
      "EBSIOBalance%": _io,
      "EBSByteBalance%": _bytes,
      ...calm
    } = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 16,
        memoryGib: 64,
        freeGib: 611,
        connections: 320,
        cpu: 38,
        iops: 5200,
      }),
    );
    const checkpoints = Array.from({ length: 70 }, (_, index) => 15 - index * 0.2).filter((at) => at > 1);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6g.4xlarge",
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(38), since, 41),
        WriteIOPS: turns(usual(3100), since, 8600),
        WriteThroughput: even(turns(usual(96e6), since, 502e6)),
        ReadThroughput: turns(usual(37e6), since, 21e6),
        WriteLatency: turns(usual(0.0012), since, 0.017),
        ReadLatency: turns(usual(0.0007), since, 0.006),
        DiskQueueDepth: turns(usual(5), since, 152),
        TransactionLogsGeneration: turns(usual(24 * mib), since, 118 * mib),
        DBLoad: turns(usual(6.1), since, 31),
        DBLoadCPU: turns(usual(4.7), since, 5.1),
        DBLoadNonCPU: turns(usual(1.4), since, 25.9),
      },
      events: [
        told(
          group,
          since + 1,
          "configuration change",
          "Updated parameter max_wal_size to 1024 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "r.lindqvist",
          detail: "max_wal_size=1024 (immediate)",
          error: null,
        },
      ],
      load: loadOf(
        { "LWLock:WALWrite": 11.2, "IO:WALSync": 6.3, CPU: 5.1, "IO:WALWrite": 4.6, "IO:DataFileRead": 3.8 },
        [
          { sql: "COMMIT", waits: { "LWLock:WALWrite": 8.1, "IO:WALSync": 6.1, "IO:WALWrite": 2.2 } },
          {
            sql: "UPDATE positions SET quantity = quantity + $1, avg_price = $2 WHERE account_id = $3 AND instrument_id = $4",
            waits: { "LWLock:WALWrite": 2.0, "IO:WALWrite": 1.5, CPU: 2.2, "IO:DataFileRead": 2.4 },
          },
          {
            sql: "INSERT INTO fills (order_id, price, quantity, venue, at) VALUES ($1, $2, $3, $4, $5)",
            waits: { "LWLock:WALWrite": 1.1, "IO:WALWrite": 0.9, CPU: 1.6, "IO:DataFileRead": 0.8 },
          },
        ],
        { matcher: 19, oms: 12 },
      ),
      logs: [
        errorLog(
          checkpoints.flatMap((at) => [
            logged(at, { pid: 388 }, "LOG:  checkpoints are occurring too frequently (12 seconds apart)"),
            logged(
              at,
              { pid: 388 },
              'HINT:  Consider increasing the configuration parameter "max_wal_size".',
            ),
            logged(at, { pid: 388 }, "LOG:  checkpoint starting: wal"),
            logged(
              at - 0.17,
              { pid: 388 },
              "LOG:  checkpoint complete: wrote 41210 buffers (2.0%); 0 WAL file(s) added, 0 removed, 9 recycled; write=8.911 s, sync=1.304 s, total=10.642 s; sync files=212, longest=0.214 s, average=0.006 s; distance=589804 kB, estimate=590311 kB; lsn=4F1/8812A0C8, redo lsn=4F1/6A001F30",
            ),
          ]),
          1,
        ),
      ],
      alarm: above("WriteLatency", 0.01, [0.0162, 0.0178, 0.0169], since - 5),
      alsoAlarms: [above("DiskQueueDepth", 64, [149, 155, 151], since - 6)],
      way: "probe-failed",
    };
  },
});
