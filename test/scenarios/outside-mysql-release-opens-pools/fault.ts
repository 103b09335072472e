import { calmRds } from "../support/outside/calm.ts";
import { type Curve, even, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "tickets-prod";
const gib = 1024 ** 3;

const calm = calmRds({
  engine: "mysql",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 118,
  connections: 205,
  cpu: 24,
  iops: 380,
});

export const scenario = defineOutside({
  engine: "mysql",
  title: "A release starts five times the workers, each with a pool of its own: all slots within two minutes",
  world: (dice) => {
    const minutes = dice.number(8, 11);
    const full = dice.number(1278, 1302);
    const ramp =
      (from: number, to: number): Curve =>
      (ago) => {
        if (ago > minutes) return usual(from)(ago);
        const done = Math.min(1, (minutes - ago) / 2);
        return from + (to - from) * done;
      };
    return {
      instances: [
        instanceOf(id, { Engine: "mysql", EngineVersion: "8.0.41", DBInstanceClass: "db.r6g.large" }),
      ],
      metrics: {
        ...calm,
        DatabaseConnections: even(ramp(205, full)),
        FreeableMemory: ramp(3.5 * gib, 2.4 * gib),
        CPUUtilization: ramp(24, 63),
        NetworkReceiveThroughput: ramp(1.8e6, 4.4e6),
        NetworkTransmitThroughput: ramp(6.3e6, 9.1e6),
        DBLoad: ramp(0.5, 2.3),
        DBLoadCPU: ramp(0.4, 1.2),
        DBLoadNonCPU: ramp(0.1, 1.1),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.2, "wait/synch/mutex/sql/LOCK_thd_list": 0.5, "wait/io/socket/sql/client_connection": 0.4 },
        [
          { sql: "SELECT @@session.transaction_isolation", waits: { CPU: 0.3 } },
          { sql: "SELECT * FROM `jobs` WHERE `queue` = ? LIMIT ?", waits: { CPU: 0.4 } },
        ],
        { tickets_worker: 1.7, tickets_web: 0.5 },
      ),
      alarm: above("DatabaseConnections", 1000, [1086, full - 3, full], minutes - 4, "Maximum"),
      way: "probe-failed",
    };
  },
});
