import { calmRds } from "../support/outside/calm.ts";
import { gapped, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const id = "metering-db";
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const statement =
  "SELECT m.site_id, date_trunc('hour', r.read_at), sum(r.kwh), percentile_cont(0.95) WITHIN GROUP (ORDER BY r.kwh) FROM readings r JOIN meters m ON m.id = r.meter_id WHERE r.read_at >= $1 GROUP BY 1, 2 ORDER BY 1, 2";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "work_mem was raised to 1 GB this morning; four reports at a time take all memory, the kernel kills one, and the server restarts itself, twice within an hour",
  world: (dice) => {
    const second = dice.number(8, 10);
    const first = second + 61;
    const crash = (minutes: number, pid: number) => {
      const bi = { host: "10.9.2.31(44120)", user: "bi_hourly", database: "metering", pid };
      const app = { host: "10.9.5.17(51988)", user: "meter_api", database: "metering", pid: pid + 7 };
      const main = { pid: 371 };
      const up = { pid: pid + 20 };
      return [
        logged(minutes, main, `LOG:  server process (PID ${bi.pid}) was terminated by signal 9: Killed`),
        logged(minutes, main, `DETAIL:  Failed process was running: ${statement}`),
        logged(minutes, main, "LOG:  terminating any other active server processes"),
        logged(minutes, app, "FATAL:  the database system is in recovery mode"),
        logged(minutes - 0.1, main, "LOG:  all server processes terminated; reinitializing"),
        logged(
          minutes - 0.2,
          up,
          `LOG:  database system was interrupted; last known up at ${ago(minutes + 3)
            .toISOString()
            .slice(0, 19)
            .replace("T", " ")} UTC`,
        ),
        logged(minutes - 0.3, app, "FATAL:  the database system is in recovery mode"),
        logged(
          minutes - 0.4,
          up,
          "LOG:  database system was not properly shut down; automatic recovery in progress",
        ),
        logged(minutes - 0.4, up, "LOG:  redo starts at 5D/7C0113A8"),
        logged(
          minutes - 0.8,
          up,
          "LOG:  redo done at 5D/8123FE10 system usage: CPU: user: 9.11 s, system: 2.02 s, elapsed: 22.48 s",
        ),
        logged(minutes - 1.1, main, "LOG:  database system is ready to accept connections"),
      ];
    };
    const memory = (minutes: number) => {
      if (minutes > first + 12) return usual(3.6 * gib)(minutes);
      if (minutes > first) return between(first + 12, first, 3.6 * gib, 0.11 * gib)(minutes);
      if (minutes > second + 14) return 5.1 * gib;
      if (minutes > second) return between(second + 14, second, 5.1 * gib, 0.12 * gib)(minutes);
      return 5.6 * gib;
    };
    const swap = (minutes: number) => {
      if (minutes > first + 6) return 6 * mib;
      if (minutes > first) return between(first + 6, first, 6 * mib, 1500 * mib)(minutes);
      if (minutes > second + 6) return 210 * mib;
      if (minutes > second) return between(second + 6, second, 210 * mib, 1600 * mib)(minutes);
      return 240 * mib;
    };
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 16,
        connections: 92,
        cpu: 34,
        iops: 520,
        freeGib: 190,
      }),
    );
    const steady = {
      ...calm,
      FreeableMemory: memory,
      SwapUsage: swap,
      DatabaseConnections: (minutes: number) => {
        if (minutes <= second && minutes > second - 1.2) return 2;
        if (minutes <= first && minutes > first - 1.2) return 3;
        return usual(92)(minutes);
      },
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: gapped(steady, second + 1, second),
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 1.6, "IO:BufFileRead": 0.1, "IO:DataFileRead": 0.9 },
        [
          { sql: statement, waits: { CPU: 0.9, "IO:DataFileRead": 0.7 } },
          {
            sql: "INSERT INTO readings (meter_id, read_at, kwh) VALUES ($1, $2, $3)",
            waits: { CPU: 0.4 },
          },
        ],
        { bi_hourly: 1.6, meter_api: 0.9 },
      ),
      logs: [errorLog([...crash(first, 30_218), ...crash(second, 31_907)], second - 1)],
      changes: [
        {
          at: ago(192).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "s.lindqvist",
          detail: `dBParameterGroupName=${id}-params, parameters=[{"parameterName":"work_mem","parameterValue":"1048576","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      alarm: {
        ...below("FreeableMemory", 256 * mib, [231_000_000, 188_000_000, 131_000_000], second + 1),
        state: "OK",
      },
      way: "probe-failed",
    };
  },
});
