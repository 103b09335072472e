import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, withoutMonitor } from "../support/outside/postgres-half-look.ts";
import { group, ownGroup, serverUp } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const cluster = "metering";
const [writer, reader] = ["metering-w", "metering-r"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Reports without the partition key lock 4380 partitions and their indexes each; since twelve of them run at once the lock table is full, and anybody's statement fails (real: often written of, as of a nightly ETL's; the responder's account has no pg_monitor)",
  world: (dice) => {
    const since = dice.number(27, 31);
    const refused = [
      "ERROR:  out of shared memory",
      "HINT:  You might need to increase max_locks_per_transaction.",
    ];
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: like.Engine,
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 190, cpu: 44, iops: 800 }),
        ),
        ...calmReader(reader, 32),
        CPUUtilization: steps(44, 63, since),
        CommitThroughput: steps(380, 215, since),
        DBLoad: steps(2.1, 3.3, since),
        DBLoadCPU: steps(1.6, 2.6, since),
        DBLoadNonCPU: steps(0.5, 0.7, since),
        DatabaseConnections: steps(190, 203, since),
      },
      events: nightlyBackup(writer),
      logs: [
        errorLog(
          [
            logged(
              since,
              { host: "10.33.8.20(39914)", user: "tariff_reports", database: "metering", pid: 6120 },
              "WARNING:  out of shared memory",
            ),
            ...everySoOften(
              { from: since, to: 9, apart: 1.3 },
              { host: "10.33.8.20", user: "tariff_reports", database: "metering" },
              [
                ...refused,
                "STATEMENT:  SELECT r.meter_id, sum(r.kwh) FROM readings r JOIN meters m ON m.id = r.meter_id WHERE m.tariff = $1 GROUP BY 1",
              ],
            ),
            ...everySoOften(
              { from: 8, to: 1, apart: 0.9 },
              { host: "10.33.5.11", user: "ingest", database: "metering" },
              [...refused, "STATEMENT:  INSERT INTO readings (meter_id, read_at, kwh) VALUES ($1, $2, $3)"],
            ),
            logged(
              1,
              { host: "10.33.5.12(40022)", user: "portal", database: "metering", pid: 7011 },
              "ERROR:  out of shared memory",
            ),
            logged(
              1,
              { host: "10.33.5.12(40022)", user: "portal", database: "metering", pid: 7011 },
              "HINT:  You might need to increase max_locks_per_transaction.",
            ),
            logged(
              1,
              { host: "10.33.5.12(40022)", user: "portal", database: "metering", pid: 7011 },
              "STATEMENT:  SELECT * FROM customers WHERE id = $1",
            ),
          ],
          1,
        ),
      ],
      load: loadOf(
        { CPU: 2.6, "LWLock:LockManager": 0.3, "IO:DataFileRead": 0.2 },
        [
          {
            sql: "SELECT r.meter_id, sum(r.kwh) FROM readings r JOIN meters m ON m.id = r.meter_id WHERE m.tariff = $1 GROUP BY 1",
            waits: { CPU: 1.3, "LWLock:LockManager": 0.2 },
          },
          { sql: "INSERT INTO readings (meter_id, read_at, kwh) VALUES ($1, $2, $3)", waits: { CPU: 0.6 } },
        ],
        { tariff_reports: 1.6, ingest: 0.9, portal: 0.5 },
      ),
      alarm: above("CPUUtilization", 60, [62.8, 63.4, 63.1], since - 5),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.6", 5_184_000, 3451)],
          "postgres-connections": [
            group(
              {
                state: "idle",
                application: "ingest",
                user: "ingest",
                client: "10.33.5.11",
                database: "metering",
              },
              88,
              21,
            ),
            group(
              {
                state: "idle",
                application: "portal",
                user: "portal",
                client: "10.33.5.12",
                database: "metering",
              },
              91,
              34,
            ),
            group(
              {
                state: "active",
                application: "reports",
                user: "tariff_reports",
                client: "10.33.8.20",
                database: "metering",
              },
              12,
              48,
            ),
            ownGroup("metering"),
          ],
        },
        rest: withoutMonitor({ status: "failed", reason: "out of shared memory", howToSee: null }),
      }),
    };
  },
});
