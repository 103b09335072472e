import { calmRds } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "tickets-pg";
const report =
  "SELECT t.account_id, array_agg(a.payload ORDER BY a.created_at) FROM tickets t JOIN audit_entries a ON a.ticket_id = t.id GROUP BY t.account_id";

/** What PostgreSQL writes when the kernel ends one of its backends. */
function killed(minutes: number, pid: number): string[] {
  const server = { pid: 411 };
  const client = (index: number) => ({
    host: `10.4.18.${21 + index}(${44_100 + index * 17})`,
    user: "tickets_web",
    database: "tickets",
    pid: 9_100 + index,
  });
  const startup = { pid: pid + 900 };
  return [
    logged(minutes, server, `LOG:  server process (PID ${pid}) was terminated by signal 9: Killed`),
    logged(minutes, server, `DETAIL:  Failed process was running: ${report}`),
    logged(minutes, server, "LOG:  terminating any other active server processes"),
    ...[0, 1, 2].map((index) =>
      logged(minutes - 0.05, client(index), "FATAL:  the database system is in recovery mode"),
    ),
    logged(minutes - 0.1, server, "LOG:  all server processes terminated; reinitializing"),
    logged(
      minutes - 0.12,
      startup,
      "LOG:  database system was interrupted; last known up at 2026-11-30 21:58:12 UTC",
    ),
    logged(
      minutes - 0.2,
      startup,
      "LOG:  database system was not properly shut down; automatic recovery in progress",
    ),
    logged(minutes - 0.2, startup, "LOG:  redo starts at 4C/1A0072E8"),
    logged(
      minutes - 0.6,
      startup,
      "LOG:  redo done at 4C/2B91F0A8 system usage: CPU: user: 2.11 s, system: 0.94 s, elapsed: 22.40 s",
    ),
    logged(minutes - 0.9, server, "LOG:  database system is ready to accept connections"),
  ];
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A report gathers all audit entries in memory; the kernel kills its backend for want of memory, PostgreSQL restarts itself, an hour ago and again now",
  world: (dice) => {
    const crash = dice.number(8, 10);
    const first = crash + 52;
    const before = calmRds({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 8,
      freeGib: 92,
      connections: 84,
      cpu: 26,
      iops: 310,
    });
    const away = (back: number) =>
      (back <= crash && back > crash - 1.2) || (back <= first && back > first - 1.2);
    const fill = (calm: number, full: number) => (back: number) => {
      if (back > first + 14) return usual(calm)(back);
      if (back > first) return between(first + 14, first, calm, full)(back);
      if (back > crash + 16) return calm;
      return back > crash ? between(crash + 16, crash, calm, full)(back) : calm;
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.17",
          DBInstanceClass: "db.t4g.large",
          AllocatedStorage: 200,
        }),
      ],
      metrics: {
        ...before,
        FreeableMemory: fill(1.76 * gib, 88 * mib),
        SwapUsage: fill(22 * mib, 2.3 * gib),
        DatabaseConnections: (back) => (away(back) ? 0 : usual(84)(back)),
        CPUUtilization: fill(26, 71),
        ReadIOPS: fill(124, 980),
        WriteIOPS: fill(186, 1140),
        DBLoad: fill(0.6, 3.4),
        DBLoadCPU: fill(0.4, 1.3),
        DBLoadNonCPU: fill(0.2, 2.1),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.7, "IO:DataFileRead": 0.5, "IO:BufFileRead": 0.2 },
        [
          {
            sql: "SELECT t.account_id, array_agg(a.payload ORDER BY a.created_at) FROM tickets t JOIN audit_entries a ON a.ticket_id = t.id GROUP BY t.account_id",
            waits: { CPU: 0.4, "IO:DataFileRead": 0.4, "IO:BufFileRead": 0.2 },
          },
          {
            sql: "SELECT * FROM tickets WHERE account_id = $1 AND state = $2",
            waits: { CPU: 0.3, "IO:DataFileRead": 0.1 },
          },
        ],
        { reporting: 1, tickets_web: 0.4 },
      ),
      logs: [errorLog([...killed(first, 7_340), ...killed(crash, 7_712)], 1)],
      alarm: {
        ...below("FreeableMemory", 256 * mib, [261_000_000, 187_000_000, 113_000_000], crash + 0.5),
        state: "OK",
      },
      alsoAlarms: [{ ...below("DatabaseConnections", 10, [0], crash - 1), state: "OK" }],
      way: "probe-failed",
    };
  },
});
