import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { atWork, groupOf, ownGroup, ratesOf, serverOf } from "../support/outside/late-mysql-rows.ts";
import { slowLog } from "../support/outside/mysql-log.ts";

const id = "stays-prod";
const up = 61 * 86_400;
const exporting =
  "SELECT b.*, g.country, g.tier FROM bookings b JOIN guests g ON g.id = b.guest_id WHERE b.created_at >= '2024-01-01'";
const flushing = "Waiting for table flush";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The nightly ANALYZE TABLE bookings ended while an export reads bookings for 46 minutes: every new statement on bookings waits for the old table to be closed, that is for the export",
  world: (dice) => {
    const since = dice.number(5, 6);
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 96,
        connections: 142,
        cpu: 36,
        iops: 610,
      }),
    );
    const climbing = (now: number) => (now > since ? (usual(142)(now) ?? 142) : 142 + (since - now) * 28);
    const waiting = Array.from({ length: 118 }, (_, index) =>
      atWork(
        40_110 + index * 3,
        index % 4 === 3 ? "partner_api" : "stays_app",
        Math.round(since * 60 - 4 - index * 2.4),
        flushing,
        index % 3 === 0
          ? "SELECT id, status, total FROM bookings WHERE guest_id = 4471902 ORDER BY id DESC LIMIT 20"
          : "UPDATE bookings SET status = 'confirmed' WHERE id = 90817423",
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "5.7.44-rds.20250213",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
          DatabaseInsightsMode: "standard",
        }),
      ],
      metrics: withoutInsights({
        ...calm,
        DatabaseConnections: climbing,
        CPUUtilization: turns(usual(36), since, 27),
        WriteIOPS: turns(usual(370), since, 120),
      }),
      events: nightlyBackup(id),
      changes: [],
      load: null,
      logs: [
        slowLog(
          [
            {
              minutes: 31,
              user: "stays_app",
              host: "10.4.18.23",
              thread: 39_001,
              seconds: 2.1,
              sent: 1,
              examined: 88_120,
              sql: "SELECT COUNT(*) FROM reviews WHERE property_id = 5512",
            },
            {
              minutes: since + 0.4,
              user: "maintenance",
              host: "10.4.9.15",
              thread: 40_071,
              seconds: 1.9,
              sent: 1,
              examined: 0,
              sql: "ANALYZE TABLE guests",
            },
            {
              minutes: since,
              user: "maintenance",
              host: "10.4.9.15",
              thread: 40_071,
              seconds: 2.4,
              sent: 1,
              examined: 0,
              sql: "ANALYZE TABLE bookings",
            },
          ],
          since,
        ),
      ],
      alarm: above("DatabaseConnections", 220, [226, 254, 271], 1.4),
      way: "probe-failed",
      culprits: [38_412],
      inPart: inPart({
        version: "5.7.44-rds.20250213-log",
        major: 5,
        answers: {
          "mysql-server": [serverOf("5.7.44-rds.20250213-log", up, 1250)],
          "mysql-connections": [
            groupOf("stays_app", "10.4.18.23", "active", 88, [150, since * 60 - 4]),
            groupOf("partner_api", "10.4.19.21", "active", 30, [146, since * 60 - 13]),
            groupOf("bi_export", "10.4.40.12", "active", 1, [2760, 2760]),
            groupOf("stays_app", "10.4.18.23", "idle", 148, [3, 61]),
            groupOf("partner_api", "10.4.19.21", "idle", 19, [8, 40]),
            ownGroup,
          ],
          "mysql-sessions": [atWork(38_412, "bi_export", 2760, "Sending data", exporting), ...waiting],
          "mysql-innodb-rates": [
            ratesOf(up, {
              statementsPerSecond: 210,
              commitsPerSecond: 31,
              threads: { running: 121, connected: 287, connectedBefore: 286, maxUsed: 291 },
            }),
          ],
        },
        rest: notRecorded,
      }),
    };
  },
});
