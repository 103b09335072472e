import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, type LogClient, logged } from "../support/outside/postgres-log.ts";
import { climbsUntilRestart } from "../support/outside/stairs.ts";

const mib = 1024 ** 2;
const gib = 1024 ** 3;
const id = "insight-dash";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "work_mem was set to 512 MB for everybody this afternoon; the dashboards' sorts eat the memory and the kernel kills a backend, twice by now",
  world: (dice) => {
    const second = dice.number(8, 10);
    const first = second + 31;
    const set = first + 58;
    const server: LogClient = { pid: 402 };
    const dash = (pid: number): LogClient => ({
      host: `10.6.2.18(${pid + 30_000})`,
      user: "dash",
      database: "insight",
      pid,
    });
    const killed = (minutes: number, pid: number) => [
      logged(minutes, server, `LOG:  server process (PID ${pid}) was terminated by signal 9: Killed`),
      logged(
        minutes,
        server,
        "DETAIL:  Failed process was running: SELECT a.region, p.category, percentile_cont($1) WITHIN GROUP (ORDER BY o.total) FROM orders o JOIN accounts a ON a.id = o.account_id JOIN products p ON p.id = o.product_id GROUP BY 1, 2 ORDER BY 3 DESC",
      ),
      logged(minutes, server, "LOG:  terminating any other active server processes"),
      logged(minutes - 0.1, server, "LOG:  all server processes terminated; reinitializing"),
      logged(
        minutes - 0.1,
        { pid: pid + 90 },
        `LOG:  database system was interrupted; last known up at ${ago(minutes + 3)
          .toISOString()
          .slice(0, 19)
          .replace("T", " ")} UTC`,
      ),
      logged(minutes - 0.12, dash(pid + 97), "FATAL:  the database system is in recovery mode"),
      logged(minutes - 0.14, dash(pid + 99), "FATAL:  the database system is in recovery mode"),
      logged(
        minutes - 0.2,
        { pid: pid + 90 },
        "LOG:  database system was not properly shut down; automatic recovery in progress",
      ),
      logged(
        minutes - 0.4,
        { pid: pid + 90 },
        "LOG:  redo done at 3A1/7C0182B8 system usage: CPU: user: 2.11 s, system: 0.81 s, elapsed: 11.02 s",
      ),
      logged(minutes - 0.6, server, "LOG:  database system is ready to accept connections"),
    ];
    const eaten = climbsUntilRestart(0, 92 * mib, set, [first, second]);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 230,
        connections: 84,
        cpu: 46,
        iops: 900,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.7",
          DBInstanceClass: "db.m5.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          DBName: "insight",
        }),
      ],
      metrics: {
        ...calm,
        FreeableMemory: (at) => Math.max(0.11 * gib, 3.5 * gib - (eaten(at) ?? 0)),
        SwapUsage: (at) => (at > set ? 8 * mib : 8 * mib + Math.min(1.3 * gib, 0.22 * (eaten(at) ?? 0))),
        CPUUtilization: (at) => (at > set ? (usual(46)(at) ?? 0) : 58),
        DatabaseConnections: (at) =>
          [first, second].some((crash) => at <= crash && at > crash - 1) ? 6 : (usual(84)(at) ?? 0),
      },
      events: [
        told(
          `${id}-params`,
          set,
          "configuration change",
          "Updated parameter work_mem to 524288 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 2.1, "IO:DataFileRead": 0.5 },
        [
          {
            sql: "SELECT a.region, p.category, percentile_cont($1) WITHIN GROUP (ORDER BY o.total) FROM orders o JOIN accounts a ON a.id = o.account_id JOIN products p ON p.id = o.product_id GROUP BY 1, 2 ORDER BY 3 DESC",
            waits: { CPU: 1.4, "IO:DataFileRead": 0.4 },
          },
        ],
        { dash: 2.2, api: 0.4 },
      ),
      logs: [errorLog([...killed(first, 18_233), ...killed(second, 20_871)], second - 0.6)],
      changes: [
        {
          at: ago(set).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "t.okafor",
          detail: `dBParameterGroupName=${id}-params, parameters=[{"isModifiable":false,"applyMethod":"immediate","parameterName":"work_mem","parameterValue":"524288"}]`,
          error: null,
        },
      ],
      alarm: below("FreeableMemory", 800 * mib, [801_000_000, 702_000_000, 604_000_000], second + 4),
      alsoAlarms: [above("SwapUsage", 512 * mib, [541_000_000, 562_000_000, 583_000_000], second + 5)],
      way: "probe-failed",
    };
  },
});
