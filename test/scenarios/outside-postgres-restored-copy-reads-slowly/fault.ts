import { calmRds } from "../support/outside/calm.ts";
import { daily, turns } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, noStatementStatistics, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";
import { sinceMade } from "../support/outside/saws.ts";

const id = "claims-prod";
const database = "claims";
const api = { application: "claims-api", user: "claims", client: "10.70.3.15", database };
const [byPolicy, documents] = [
  "SELECT c.* FROM claims c WHERE c.policy_id = $1 ORDER BY c.opened_at DESC",
  "SELECT d.id, d.kind, d.url FROM claim_documents d WHERE d.claim_id = $1",
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Restored from a snapshot after a bad deletion and taken into use an hour ago: every block that is asked first comes from S3, 46 ms each",
  world: (dice) => {
    const born = dice.number(168, 190);
    const used = dice.number(58, 66);
    // Each of the reads is one session that waits: 225 a second at 46 ms.
    const reading = 225 * 0.046;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: false,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
          InstanceCreateTime: ago(born),
        }),
      ],
      metrics: sinceMade(
        {
          ...calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            connections: 96,
            cpu: 21,
            iops: 300,
            freeGib: 244,
          }),
          CPUUtilization: turns(() => 3.1, used, 19),
          DatabaseConnections: turns(() => 2, used, 96),
          ReadIOPS: turns(() => 4, used, 225),
          WriteIOPS: turns(() => 6, used, 74),
          ReadLatency: turns(daily(0.031, 0.2), used, 0.046),
          WriteLatency: turns(() => 0.0014, used, 0.0019),
          ReadThroughput: turns(() => 41_000, used, 2.1e6),
          WriteThroughput: turns(() => 60_000, used, 1.4e6),
          DiskQueueDepth: turns(() => 0.13, used, reading + 0.14),
          DBLoad: turns(() => 0.1, used, reading + 0.9),
          DBLoadCPU: turns(() => 0.05, used, 0.7),
          DBLoadNonCPU: turns(() => 0.05, used, reading + 0.2),
        },
        born - 3,
      ),
      events: [
        told(id, born - 21, "backup", "Finished DB Instance backup"),
        told(id, born - 13, "backup", "Backing up DB instance"),
        told(id, born - 9, "restoration", "Restored from snapshot claims-prod-before-cleanup."),
      ],
      load: loadOf(
        { "IO:DataFileRead": reading, CPU: 0.7, "IO:WALSync": 0.2 },
        [
          { sql: byPolicy, waits: { "IO:DataFileRead": 5.8, CPU: 0.3 } },
          { sql: documents, waits: { "IO:DataFileRead": 3.6, CPU: 0.2 } },
          { sql: "SELECT p.* FROM policies p WHERE p.number = $1", waits: { "IO:DataFileRead": 0.8 } },
          { sql: "UPDATE claims SET state = $1 WHERE id = $2", waits: { "IO:WALSync": 0.2 } },
        ],
        { claims: reading + 0.9 },
      ),
      alarm: above("ReadLatency", 0.02, [0.0448, 0.0461, 0.0457], used - 4),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "16.8",
            upDays: (born - 9) / 1440,
            maxConnections: 1802,
            database,
            groups: [group({ state: "idle", ...api }, 85, 9), group({ state: "active", ...api }, 11, 3.4)],
            sessions: Array.from({ length: 11 }, (_, at) =>
              running(1_940 + at * 11, 3.4 - at * 0.3, {
                ...api,
                waitEvent: at === 8 ? null : "IO/DataFileRead",
                query: at % 3 === 2 ? documents : byPolicy,
              }),
            ),
          }),
          "postgres-top-statements": noStatementStatistics,
          "postgres-top-statements-capacity": noStatementStatistics,
          "postgres-failing-statements": noStatementStatistics,
          "postgres-plans": noStatementStatistics,
          "postgres-oldest-xmin": [],
          "postgres-oldest-xmin-slots": [],
          "postgres-wait-profile": [
            {
              waitEventType: "IO",
              waitEvent: "DataFileRead",
              samples: 10,
              windowSeconds: 1.04,
              observations: 104,
              averageSessions: 10.4,
              percent: 93.7,
              distinctSessions: 14,
              query: byPolicy,
            },
            {
              waitEventType: null,
              waitEvent: null,
              samples: 10,
              windowSeconds: 1.04,
              observations: 7,
              averageSessions: 0.7,
              percent: 6.3,
              distinctSessions: 5,
              query: documents,
            },
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
