import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { during, moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const gib = 1024 ** 3;
const id = "insure-core";
const version = "10.11.9-MariaDB-log";
const hours = 27;

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A viewer of reports opens a connection for each report since yesterday and closes none; the probes get in late and no further than the sessions",
  world: (dice) => {
    const kept = dice.number(242, 248);
    const now = kept + 62;
    const seconds = hours * 3600;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 88,
            connections: 62,
            cpu: 26,
            iops: 240,
          }),
        ),
        DatabaseConnections: moves(62, now, hours * 60),
        // A batch of the hour before, long over.
        CPUUtilization: during(74, 58, 57, 26),
        FreeableMemory: moves(1.9 * gib, 1.4 * gib, hours * 60),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("DatabaseConnections", 300, [301, 301, 302], 22, "Maximum"),
      way: "probe-failed",
      inPart: inPart({
        version,
        major: 10.11,
        signInMs: 2210,
        answers: {
          "mysql-server": [serverOf(version, 2_611_090, 325)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            groupOf("report_viewer", "10.4.40.11", "idle", kept, [seconds / 2.1, seconds], {
              idleOverSession: kept - 1,
              idleOverLeak: kept - 2,
              longestIdle: [
                { id: 201_774, sessionKey: "report_viewer@10.4.40.11:40122" },
                { id: 201_790, sessionKey: "report_viewer@10.4.40.11:40138" },
                { id: 201_911, sessionKey: "report_viewer@10.4.40.11:40260" },
              ],
            }),
            groupOf("policy_app", "10.4.18.23", "idle", 41, [3, 48]),
            groupOf("policy_app", "10.4.18.23", "active", 3, [0.02, 0.1]),
            groupOf("claims_app", "10.4.33.9", "idle", 17, [12, 150]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(288_410, "policy_app", 0.1, "Sending data", "SELECT * FROM policies WHERE holder_id = ?"),
            atWork(288_402, "policy_app", 0.02, "Statistics", "SELECT * FROM tariffs WHERE id = ?"),
          ],
          "mariadb-row-locks": [nobodyWaits],
        },
        rest: deadlineOfAll,
      }),
    };
  },
});
