import { calmRds } from "../support/outside/calm.ts";
import { byHour, type Curve, even, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "reports-mysql";
const gib = 1024 ** 3;
const boot = 42;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Somebody rebooted 42 minutes ago so that a static parameter takes effect; everybody is back, the cache is warm, and the alarm is OK again",
  world: (dice) => {
    const back = dice.number(186, 192);
    const after =
      (usually: Curve, first: number, minutes: number): Curve =>
      (past) => {
        const level = usually(past) ?? 0;
        if (past > boot || past < boot - minutes) return level;
        return level + ((first - level) * (past - (boot - minutes))) / minutes;
      };
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6i.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: gapped(
        {
          ...withDays(
            calmRds({
              engine: "mysql",
              vcpus: 4,
              memoryGib: 32,
              freeGib: 68,
              connections: 190,
              cpu: 36,
              iops: 840,
            }),
          ),
          DatabaseConnections: after(byHour(back), 12, 4),
          CPUUtilization: after(byHour(36), 61, 12),
          ReadIOPS: after(byHour(336), 2400, 16),
          DBLoad: even(after(byHour(1.5), 5.8, 12)),
          DBLoadCPU: even(after(byHour(1.1), 2.4, 12)),
          DBLoadNonCPU: even(after(byHour(0.4), 3.4, 12)),
          FreeableMemory: (past) => (past > boot ? 7 * gib : (8.1 + past * 0.22) * gib),
        },
        boot,
        boot - 2,
      ),
      events: [
        told(id, boot - 1.4, "availability", "DB instance restarted"),
        told(id, boot, "availability", "DB instance shutdown"),
        told(
          `${id}-params`,
          67,
          "configuration change",
          "Updated parameter innodb_buffer_pool_instances to 8 with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(boot + 0.4).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "m.santos",
          detail: "forceFailover=false",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 1.1, "wait/io/table/sql/handler": 0.3, "wait/io/file/sql/binlog": 0.1 },
        [
          {
            sql: "SELECT `account_id` , SUM ( `cents` ) FROM `postings` WHERE `booked_on` BETWEEN ? AND ? GROUP BY `account_id`",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.2 },
          },
          { sql: "SELECT * FROM `reports` WHERE `owner_id` = ? LIMIT ?", waits: { CPU: 0.2 } },
        ],
        { reports_web: 1.2, reports_jobs: 0.3 },
      ),
      alarm: { ...below("DatabaseConnections", 20, [0, 3, 12], boot - 4), state: "OK" },
      way: "probe-failed",
    };
  },
});
