import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, told } from "../support/outside/described.ts";
import { inPart, notRecorded, type Silence } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const id = "courses-live";
const slow: Silence = {
  status: "timeout",
  reason: "Query execution was interrupted, maximum statement execution time exceeded",
  howToSee: null,
};
const work = [
  ["executing", "SELECT * FROM lessons WHERE course_id = ? ORDER BY position"],
  ["waiting for handler commit", "COMMIT"],
  ["executing", "SELECT * FROM progress WHERE user_id = ? AND lesson_id = ?"],
  ["updating", "UPDATE progress SET seconds = ?, seen_at = ? WHERE id = ?"],
  ["update", "INSERT INTO answers (user_id, question_id, given, at) VALUES (?, ?, ?, ?)"],
] as const;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The credits of a gp2 volume of 100 GiB are used up, every request waits for storage, and the pools fill all slots; a probe gets in at the third go",
  world: (dice) => {
    const empty = dice.number(45, 48);
    const full = empty - 24;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.t3.medium",
          StorageType: "gp2",
          AllocatedStorage: 100,
          Iops: undefined,
          StorageThroughput: undefined,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 4,
            freeGib: 41,
            connections: 64,
            cpu: 33,
            iops: 280,
          }),
        ),
        BurstBalance: falling(empty),
        CPUCreditBalance: usual(540),
        ReadIOPS: even((ago) => (ago > 270 + empty ? 110 : ago > empty ? 262 : 139)),
        WriteIOPS: even((ago) => (ago > 270 + empty ? 170 : ago > empty ? 371 : 161)),
        ReadLatency: steps(0.0011, 0.121, empty),
        WriteLatency: steps(0.0022, 0.126, empty),
        DiskQueueDepth: steps(1.1, 37, empty),
        ReadThroughput: steps(4.4e6, 2.3e6, empty),
        WriteThroughput: steps(6.3e6, 2.7e6, empty),
        CPUUtilization: steps(41, 17, empty),
        DatabaseConnections: Object.assign(
          (ago: number) =>
            ago > empty ? 64 : ago > full ? 64 + (248 * (empty - ago)) / (empty - full) : 312,
          { rough: 0 },
        ),
        NetworkTransmitThroughput: steps(2.2e6, 0.8e6, empty),
      }),
      events: [
        told(id, empty + 52, "backup", "Backing up DB instance"),
        told(id, empty + 29, "backup", "Finished DB Instance backup"),
      ],
      load: null,
      alarm: above("DatabaseConnections", 280, [287, 297, 308], full),
      alsoAlarms: [above("WriteLatency", 0.05, [0.118, 0.127, 0.131], empty - 4)],
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.36",
        major: 8,
        signInMs: 2730,
        answers: {
          "mysql-server": [serverOf("8.0.36", 1_204_117, 312)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("courses_web", "10.4.18.23", "active", 139, [7.1, 31]),
            groupOf("courses_web", "10.4.33.9", "active", 128, [6.6, 29]),
            groupOf("courses_web", "10.4.33.9", "idle", 21, [0.4, 2]),
            groupOf("worker", "10.4.33.12", "active", 18, [9.3, 40]),
            groupOf("worker", "10.4.33.12", "idle", 4, [1.1, 3]),
            ownGroup,
          ],
          "mysql-sessions": Array.from({ length: 190 }, (_, n) => {
            const [state, sql] = work[n % work.length] ?? work[0];
            return atWork(51_020 + n * 3, n % 9 === 0 ? "worker" : "courses_web", 31 - n * 0.15, state, sql);
          }),
          "mysql-row-locks": notRecorded,
          "mysql-wait-counters": [{ rowLockWaits: 3, threadsRunning: 286, tables: [] }],
        },
        rest: slow,
      }),
    };
  },
});

/** 5.4 million credits, 333 of them a second. */
function falling(empty: number): (ago: number) => number {
  return (ago) => (ago > 270 + empty ? 100 : ago > empty ? (100 * (ago - empty)) / 270 : 0);
}
