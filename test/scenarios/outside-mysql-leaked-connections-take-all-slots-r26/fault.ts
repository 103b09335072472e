import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { slotRefused } from "../support/outside/late-mysql-more.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { fillsUp } from "../support/outside/saws.ts";

const id = "members-db";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Since the morning's release each failed call leaves its connection open: 88 more an hour with the same load, until all 640 slots are taken",
  world: (dice) => {
    const full = dice.number(19, 22);
    // 544 at 1.47 a minute.
    const began = full + 370;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.37",
          DBInstanceClass: "db.m6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(
          withoutInsights(
            calmRds({
              engine: "mysql",
              vcpus: 2,
              memoryGib: 8,
              connections: 96,
              cpu: 26,
              iops: 300,
              freeGib: 88,
            }),
          ),
        ),
        DatabaseConnections: Object.assign(fillsUp(usual(96), began, 1.47, 640), { rough: 0.004 }),
        FreeableMemory: even(
          (minutes) => 1.76e9 - (Math.max(0, Math.min(began, began - minutes)) / began) * 0.42e9,
        ),
        CPUUtilization: usual(26),
        NetworkReceiveThroughput: usual(0.86e6),
        NetworkTransmitThroughput: usual(3e6),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              301,
              55_210,
              "[Note] [MY-010914] [Server] Aborted connection 55210 to db: 'members' user: 'members_api' host: '10.3.7.21' (Got an error reading communication packets).",
            ),
          ],
          301,
        ),
      ],
      alarm: above("DatabaseConnections", 600, [601, 603, 604], full + 26),
      inPart: slotRefused,
      way: "probe-failed",
    };
  },
});
