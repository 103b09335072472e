import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "metering-db";
const mib = 1024 ** 2;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Midnight in Tokyo: nobody made the partition of the new day, and every insert of a meter reading fails since",
  world: (dice) => {
    const since = dice.number(61, 63);
    const day = ago(-9 * 60)
      .toISOString()
      .slice(0, 10);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 212,
        connections: 74,
        cpu: 33,
        iops: 940,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 300,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(calm["CPUUtilization"] ?? usual(33), since, 24),
        WriteIOPS: turns(calm["WriteIOPS"] ?? usual(560), since, 74),
        WriteThroughput: turns(calm["WriteThroughput"] ?? usual(11e6), since, 1.3e6),
        TransactionLogsGeneration: turns(usual(5.1 * mib), since, 0.4 * mib),
        DiskQueueDepth: turns(usual(1.1), since, 0.3),
        DBLoad: turns(usual(0.66), since, 0.41),
        DBLoadCPU: turns(usual(0.5), since, 0.36),
        DBLoadNonCPU: turns(usual(0.16), since, 0.05),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(60 * 24 * 6 + 210).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "h.sato",
          detail: "cost-centre=2210",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.36, "IO:DataFileRead": 0.05 },
        [
          {
            sql: "INSERT INTO meter_readings (meter_id, read_day, read_at, kwh) VALUES ($1, $2, $3, $4)",
            waits: { CPU: 0.19 },
          },
          {
            sql: "SELECT m.* FROM meters m WHERE m.gateway_id = $1",
            waits: { CPU: 0.14, "IO:DataFileRead": 0.05 },
          },
        ],
        { ingest: 0.22, portal: 0.19 },
      ),
      logs: [
        errorLog(
          [
            logged(since + 9, { pid: 412 }, "LOG:  checkpoint starting: time"),
            logged(
              since + 4,
              { pid: 412 },
              "LOG:  checkpoint complete: wrote 3911 buffers (1.5%); 0 WAL file(s) added, 0 removed, 4 recycled; write=269.604 s, sync=0.031 s, total=269.702 s; sync files=148, longest=0.009 s, average=0.001 s; distance=251200 kB, estimate=263004 kB; lsn=8A/4C11B0A8, redo lsn=8A/3D0C1E90",
            ),
            ...everySoOften(
              { from: since, to: 1, apart: 0.35 },
              { host: "10.60.4.19", user: "ingest", database: "metering" },
              [
                'ERROR:  no partition of relation "meter_readings" found for row',
                `DETAIL:  Partition key of the failing row contains (read_day) = (${day}).`,
                "STATEMENT:  INSERT INTO meter_readings (meter_id, read_day, read_at, kwh) VALUES ($1, $2, $3, $4)",
              ],
            ),
          ],
          1,
        ),
      ],
      alarm: below("WriteIOPS", 200, [81, 76, 72], since - 6),
      way: "probe-failed",
    };
  },
});
