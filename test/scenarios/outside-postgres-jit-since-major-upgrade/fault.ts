import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "cases-dashboard";
const web = { user: "dashboard", database: "cases" };

const planned = (minutes: number, pid: number, seconds: number) => [
  logged(
    minutes,
    { ...web, host: `10.7.2.${20 + (pid % 7)}(${41_000 + pid})`, pid },
    [
      `LOG:  duration: ${(seconds * 1000 + 114.207).toFixed(3)} ms  plan:`,
      "\tQuery Text: SELECT a.name, m.metric, m.day, m.value FROM metrics m JOIN areas a ON a.id = m.area_id WHERE a.code = $1 AND m.metric = ANY($2) ORDER BY m.day DESC LIMIT 60",
      `\tLimit  (cost=118412.10..118420.60 rows=60 width=48) (actual time=${(seconds * 1000 + 96).toFixed(3)}..${(seconds * 1000 + 97).toFixed(3)} rows=60 loops=1)`,
      "\t  ->  Append  (cost=0.57..118201.44 rows=5140 width=48) (actual time=1.114..41.203 rows=60 loops=1)",
      "\t        ->  Index Scan using metrics_p212_area_metric_day on metrics_p212 m_1  (cost=0.43..2.65 rows=9 width=48) (actual time=0.021..0.034 rows=9 loops=1)",
      "\tJIT:",
      "\t  Functions: 1274",
      "\t  Options: Inlining true, Optimization true, Expressions true, Deforming true",
      `\t  Timing: Generation 96.114 ms, Inlining 71.402 ms, Optimization ${(seconds * 590).toFixed(3)} ms, Emission ${(seconds * 330).toFixed(3)} ms, Total ${(seconds * 1000 - 24).toFixed(3)} ms`,
    ].join("\n"),
  ),
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since the move from 11 to 16 JIT is on by default, and compiles 1274 functions for each short question over many partitions: the CPU is gone with the morning's readers (real: a national dashboard's outage of 2021)",
  world: (dice) => {
    const since = dice.number(52, 58);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.m6g.2xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          DBParameterGroups: [{ DBParameterGroupName: "cases-pg16", ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 210,
            connections: 164,
            cpu: 34,
            iops: 480,
          }),
        ),
        CPUUtilization: steps(34, 98.6, since),
        DatabaseConnections: steps(164, 341, since - 3),
        DBLoad: steps(2.9, 46, since),
        DBLoadCPU: steps(2.6, 45.1, since),
        DBLoadNonCPU: steps(0.3, 0.9, since),
        NetworkTransmitThroughput: steps(5.1e6, 3.2e6, since),
      },
      events: [
        told(id, 804, "maintenance", "Engine version upgrade finished."),
        told(id, 846, "maintenance", "Engine version upgrade started."),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(851).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "platform-oncall",
          detail: `dBInstanceIdentifier=${id}, engineVersion=16.8, dBParameterGroupName=cases-pg16, allowMajorVersionUpgrade=true, applyImmediately=true`,
          error: null,
          before: { engineVersion: "11.22" },
        },
      ],
      logs: [
        errorLog(
          [
            logged(
              781,
              { host: "10.7.9.4(50112)", user: "dbadmin", database: "cases", pid: 1188 },
              "LOG:  duration: 911204.551 ms  statement: ANALYZE VERBOSE",
            ),
          ],
          781,
        ),
        errorLog(
          [
            ...planned(24, 8121, 1.9),
            ...planned(21, 8144, 2.2),
            logged(19, { pid: 402 }, "LOG:  checkpoint starting: time"),
            ...planned(14, 8209, 2.1),
            ...planned(9, 8260, 2.4),
            ...planned(5, 8303, 2.3),
            ...planned(2, 8351, 2.2),
          ],
          2,
        ),
      ],
      load: loadOf(
        { CPU: 45.1, "IO:DataFileRead": 0.4, "LWLock:BufferMapping": 0.2 },
        [
          {
            sql: "SELECT a.name, m.metric, m.day, m.value FROM metrics m JOIN areas a ON a.id = m.area_id WHERE a.code = $1 AND m.metric = ANY($2) ORDER BY m.day DESC LIMIT 60",
            waits: { CPU: 31.2, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "SELECT max(day), sum(value) FROM metrics WHERE area_id = $1 AND metric = $2",
            waits: { CPU: 9.4 },
          },
          {
            sql: "SELECT day, value FROM metrics WHERE area_id = $1 AND metric = $2 AND day > $3",
            waits: { CPU: 3.6 },
          },
        ],
        { dashboard: 45.2 },
      ),
      alarm: above("CPUUtilization", 90, [98.1, 98.9, 98.7], since - 5),
      alsoAlarms: [above("DBLoad", 16, [44.8, 46.2, 45.9], since - 4)],
      way: "probe-failed",
    };
  },
});
