import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import {
  atWork,
  groupOf,
  nobodyWaits,
  ownGroup,
  ratesOf,
  serverOf,
} from "../support/outside/late-mysql-rows.ts";
import { poolOn } from "../support/outside/mysql-queues.ts";

const id = "tickets-maria";
const scaled = 190;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Six hosts instead of four have their pools open: 455 connections of 1,500, an alarm at 400, and nothing wrong",
  world: (dice) => {
    const count = dice.number(452, 457);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 250,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 133,
            connections: 305,
            cpu: 31,
            iops: 560,
          }),
        ),
        DatabaseConnections: steps(305, count, scaled),
      },
      events: [
        told(
          id,
          480,
          "configuration change",
          "Updated parameter long_query_time to 1 with apply method immediate",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { "Sending data": 0.6, Statistics: 0.3, Commit: 0.2 },
        [
          {
            sql: "SELECT * FROM `seats` WHERE `event_id` = ? AND `block` = ?",
            waits: { "Sending data": 0.4 },
          },
          { sql: "UPDATE `seats` SET `held_until` = ? WHERE `id` = ?", waits: { Commit: 0.2 } },
        ],
        { tickets_web: 1.1 },
      ),
      alarm: above("DatabaseConnections", 400, [451, 453, 455], 181, "Maximum"),
      way: "probe-failed",
      inPart: inPart({
        version: "10.11.9",
        major: 10,
        answers: {
          "mysql-server": [serverOf("10.11.9-MariaDB-log", 6_120_880, 1500)],
          "mysql-metadata-locks": notRecorded,
          "mariadb-row-locks": [nobodyWaits],
          "mysql-connections": [
            ...poolOn(
              "tickets_web",
              {
                "10.4.18.23": 75,
                "10.4.18.31": 74,
                "10.4.18.40": 75,
                "10.4.33.9": 75,
                "10.4.33.17": 74,
                "10.4.33.22": count - 380,
              },
              9.5,
              140,
            ),
            groupOf("tickets_web", "10.4.18.23", "active", 4, [0.01, 0.1]),
            groupOf("box_office", "10.4.40.5", "idle", 2, [31, 44]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(
              440_120,
              "tickets_web",
              0.1,
              "Sending data",
              "SELECT * FROM seats WHERE event_id = ? AND block = ?",
            ),
          ],
          "mysql-innodb-rates": [
            ratesOf(6_120_881, {
              threads: { running: 4, connected: count, connectedBefore: count, maxUsed: 468 },
            }),
          ],
        },
        rest: notRecorded,
      }),
    };
  },
});
