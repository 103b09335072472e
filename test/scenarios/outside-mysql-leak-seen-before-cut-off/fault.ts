import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { cutOff, inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { groupOf, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";

const gib = 1024 ** 3;
const id = "community-main";

/** Of one host of the service: it opens a connection about every two minutes and gives none back. */
function leaked(client: string, count: number, first: number) {
  const longestIdle = Array.from({ length: 20 }, (_, n) => ({
    id: first + n * 31,
    sessionKey: `notify_svc@${client}:${40_112 + n * 6}`,
  }));
  const over = { idleOverSession: count - 2, idleOverLeak: count - 5, longestIdle };
  return groupOf("notify_svc", client, "idle", count, [15_900, 31_400], over);
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A notifier has opened a connection every half minute since the night; the probe is cut off once it has counted them",
  world: (dice) => {
    const connections = dice.number(1246, 1254);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.r6g.large",
          AllocatedStorage: 300,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 122,
            connections: 175,
            cpu: 31,
            iops: 380,
          }),
        ),
        DatabaseConnections: Object.assign(moves(175, connections, 530), { rough: 0.002 }),
        FreeableMemory: moves(3.4 * gib, 2.2 * gib, 530),
        // A report of the hour runs beside it.
        CPUUtilization: steps(31, 63, 17),
        ReadIOPS: steps(150, 540, 17),
      }),
      events: nightlyBackup(id),
      load: null,
      alarm: above("DatabaseConnections", 1100, [1102, 1104, 1105], 72, "Maximum"),
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.41",
        major: 8,
        signInMs: 1180,
        answers: {
          "mysql-server": [serverOf("8.0.41", 6_912_440, 1300)],
          "mysql-metadata-locks": notRecorded,
          "mysql-connections": [
            leaked("10.4.18.61", 402, 1_204_511),
            leaked("10.4.18.77", 391, 1_204_518),
            leaked("10.4.33.40", 284, 1_205_022),
            groupOf("shop_web", "10.4.18.23", "idle", 61, [2.2, 38]),
            groupOf("shop_web", "10.4.33.9", "idle", 58, [2.9, 41]),
            groupOf("notify_svc", "10.4.18.61", "active", 1, [0.01, 0.01]),
            groupOf("shop_web", "10.4.33.9", "active", 6, [0.01, 0.1]),
            groupOf("jobs", "10.4.33.14", "idle", connections - 1205, [31, 240]),
            groupOf("reporting", "10.4.40.5", "active", 1, [1010, 1010]),
            ownGroup,
          ],
        },
        rest: cutOff,
      }),
    };
  },
});
