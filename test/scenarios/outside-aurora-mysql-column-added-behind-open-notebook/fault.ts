import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { inPart, notGranted } from "../support/outside/late-mysql.ts";
import { atWork, serverOf } from "../support/outside/late-mysql-rows.ts";
import { spread } from "../support/outside/mysql-queues.ts";

const id = "campus-1";
const reader = "campus-2";
const began = 6;
const mdl = "synch/cond/sql/MDL_context::COND_wait_status";
const queued = "Waiting for table metadata lock";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.06.0",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "campus",
};
const book = "UPDATE course_slots SET taken = taken + ? WHERE id = ?";
const list = "SELECT id, starts_at, taken FROM course_slots WHERE course_id = ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A column is added behind a notebook that read the table and left its transaction open; all bookings queue up",
  world: (dice) => {
    const waiting = dice.number(56, 64);
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf("campus", [id, reader], { Engine: "aurora-mysql", EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 190, cpu: 26, iops: 420 }),
        ...calmReader(reader, 64),
        DBLoad: moves(2.1, waiting + 2, began),
        DBLoadCPU: steps(1.6, 0.8, began),
        DBLoadNonCPU: moves(0.5, waiting + 1.2, began),
        CPUUtilization: steps(26, 12, began),
        DatabaseConnections: moves(190, 268, began),
        Queries: steps(1900, 640, began),
        CommitThroughput: steps(210, 41, began),
      },
      events: [],
      load: loadOf(
        { [mdl]: 12.8, CPU: 1.2, "io/table/sql/handler": 0.3 },
        [
          { sql: list, waits: { [mdl]: 7.6 } },
          { sql: book, waits: { [mdl]: 4.7 } },
          {
            sql: "ALTER TABLE `course_slots` ADD COLUMN `waitlist` INTEGER NOT NULL DEFAULT ?",
            waits: { [mdl]: 0.4 },
          },
          { sql: "SELECT * FROM `students` WHERE `id` = ?", waits: { CPU: 0.4 } },
        ],
        { campus_web: 13.8, deploy: 0.4 },
      ),
      alarm: above("DBLoad", 16, [24.1, 37.8, 49.5], 2),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.36",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.36", 3_500_110, 3000)],
          "mysql-metadata-locks": notGranted("metadata_locks"),
          "mysql-row-locks": notGranted("data_lock_waits"),
          "mysql-connections": notGranted("processlist"),
          "mysql-sessions": notGranted("processlist"),
          "mysql-wait-counters": [{ rowLockWaits: 0, threadsRunning: waiting + 3, tables: [] }],
          "mysql-sessions-alone": [
            atWork(
              1_440_871,
              "deploy",
              352,
              queued,
              "ALTER TABLE course_slots ADD COLUMN waitlist INT NOT NULL DEFAULT 0",
              {
                statementKey: null,
              },
            ),
            ...spread(waiting, 349, 1).map((seconds, n) =>
              atWork(
                1_441_002 + n * 3,
                "campus_web",
                Math.round(seconds),
                queued,
                n % 3 === 0 ? book : list,
                {
                  statementKey: null,
                },
              ),
            ),
            atWork(1_438_015, "notebook_ro", 2910, "", "", {
              state: "other",
              transactionUnknown: true,
              statementKey: null,
              statementSeconds: null,
              waitEvent: null,
              query: null,
            }),
          ],
        },
        rest: notGranted("global_status"),
      }),
    };
  },
});
