import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { openTransaction, sleepsInTransaction } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { poolOn, spread } from "../support/outside/mysql-queues.ts";

const id = "rides-maria";
const mib = 1024 ** 2;
const since = 20;

/** Each has written its own booking and waits for the payment provider, which takes minutes today. */
const open = spread(148, 402, 6).map((seconds, n) => ({ id: 902_110 + n * 7, seconds: Math.round(seconds) }));

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A payment provider answers after minutes; every booking keeps its transaction and its connection open meanwhile",
  world: (dice) => {
    const held = open.length;
    const busy = dice.number(3, 5);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.8",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 120,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 66,
            connections: 84,
            cpu: 24,
            iops: 310,
          }),
        ),
        DatabaseConnections: moves(84, held + 90 + busy, since),
        FreeableMemory: moves(1.7 * 1024 ** 3, 780 * mib, since),
        CPUUtilization: steps(24, 19, since),
        DBLoad: steps(0.5, 0.5, since),
        DBLoadCPU: steps(0.4, 0.4, since),
        DBLoadNonCPU: steps(0.1, 0.1, since),
        NetworkTransmitThroughput: steps(2.6e6, 1.9e6, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Sending data": 0.3, Statistics: 0.1, Commit: 0.1 },
        [
          { sql: "SELECT * FROM `vehicles` WHERE `cell` IN (...)", waits: { "Sending data": 0.2 } },
          { sql: "INSERT INTO `positions` VALUES (...)", waits: { Commit: 0.1 } },
        ],
        { rides_api: 0.4, booking_api: 0.1 },
      ),
      alarm: above("DatabaseConnections", 200, [202, 210, 218], 4, "Maximum"),
      alsoAlarms: [below("FreeableMemory", 1024 * mib, [1020.4 * mib, 972.1 * mib], 4)],
      way: "probe-failed",
      inPart: inPart({
        version: "10.11.8",
        major: 10,
        answers: {
          "mysql-server": [serverOf("10.11.8-MariaDB-log", 9_220_114, 260)],
          "mysql-metadata-locks": notRecorded,
          "mariadb-row-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("booking_api", "10.4.18.61", "idle-in-transaction", Math.ceil(held / 2), [131, 402]),
            groupOf("booking_api", "10.4.18.77", "idle-in-transaction", Math.floor(held / 2), [127, 388]),
            ...poolOn("rides_api", { "10.4.18.23": 38, "10.4.33.9": 36 }, 1.6, 19),
            groupOf("booking_api", "10.4.18.61", "idle", 14, [1.1, 6]),
            groupOf("rides_api", "10.4.33.9", "active", busy, [0.01, 0.1]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(911_004, "rides_api", 0.1, "Sending data", "SELECT * FROM vehicles WHERE cell IN (...)"),
            ...open.map(({ id: session, seconds }) => ({
              ...sleepsInTransaction(session, "booking_api", seconds, ""),
              query: null,
            })),
          ],
          "mysql-oldest-transaction": open.slice(0, 30).map(({ id: session, seconds }) =>
            openTransaction(session, "booking_api", seconds + 1, {
              idleSeconds: seconds,
              rowsModified: 2,
              rowsLocked: 2,
            }),
          ),
        },
        rest: notRecorded,
      }),
    };
  },
});
