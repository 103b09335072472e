import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { cutOff, inPart } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const members = ["forms-1", "forms-2"] as const;
const release = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.2" };

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Functions that are frozen never say goodbye, today as ever; somebody has set an alarm on clients that break off",
  world: (dice) => {
    const broken = dice.number(14, 17);
    return {
      instances: members.map((one) =>
        instanceOf(one, { ...release, DBInstanceClass: "db.r6g.large", DBClusterIdentifier: "forms" }),
      ),
      cluster: clusterOf("forms", members, release),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 92, cpu: 26, iops: 210 }),
        ),
        ...calmReader(members[1], 16),
        AbortedClients: usual(broken),
      },
      events: nightlyBackup(members[0]),
      load: loadOf(
        { CPU: 0.4, "io/aurora_redo_log_flush": 0.1, "io/aurora_respond_to_client": 0.05 },
        [
          {
            sql: "INSERT INTO `submissions` VALUES (...)",
            waits: { CPU: 0.2, "io/aurora_redo_log_flush": 0.1 },
          },
          { sql: "SELECT * FROM `forms` WHERE `token` = ?", waits: { CPU: 0.2 } },
        ],
        { forms_fn: 0.5, console: 0.05 },
      ),
      alarm: above("AbortedClients", 10, [broken, broken + 1, broken - 1], 6),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.39",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.39", 3_540_000, 1000)],
          "mysql-metadata-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("forms_fn", "10.4.61.14", "idle", 46, [38, 270]),
            groupOf("forms_fn", "10.4.62.30", "idle", 31, [41, 288]),
            groupOf("console", "10.4.18.23", "idle", 12, [4, 60]),
            groupOf("forms_fn", "10.4.61.14", "active", 1, [0.01, 0.01]),
            ownGroup,
          ],
          "mysql-sessions": [
            atWork(30_218, "forms_fn", 0.01, "executing", "SELECT * FROM forms WHERE token = ?"),
          ],
          "mysql-row-locks": [nobodyWaits],
        },
        rest: cutOff,
      }),
    };
  },
});
