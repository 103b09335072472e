import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, type LogClient, logged } from "../support/outside/postgres-log.ts";

const gib = 1024 ** 3;
const mib = 1024 ** 2;
const id = "insights-pg";
const group = `${id}-params`;
const raised = 60 * 5 + 20;
const kills = [47, 11] as const;
const report =
  "SELECT s.customer_id, array_agg(DISTINCT s.product_id), sum(s.quantity * s.price) FROM sales_lines s JOIN sales_lines t ON t.basket_id = s.basket_id GROUP BY s.customer_id ORDER BY 3 DESC";

/** Falls in the twenty minutes before each kill. */
function beforeKills(calm: number, worst: number): Curve {
  return (minutes) => {
    const next = kills.find((kill) => minutes >= kill && minutes <= kill + 20);
    return next === undefined
      ? (usual(calm)(minutes) ?? 0)
      : worst + ((calm - worst) * (minutes - next)) / 20;
  };
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody raised work_mem to 512 MB for all on 8 GiB; the reports of the afternoon take all memory, the kernel kills a backend, and PostgreSQL restarts itself, twice by now",
  world: (dice) => {
    const pid = dice.number(20_400, 20_900);
    const postmaster: LogClient = { pid: 391 };
    const crash = (at: number, killed: number) => [
      logged(at, postmaster, `LOG:  server process (PID ${killed}) was terminated by signal 9: Killed`),
      logged(at, postmaster, `DETAIL:  Failed process was running: ${report}`),
      logged(at, postmaster, "LOG:  terminating any other active server processes"),
      ...[1, 2, 3, 4].map((index) =>
        logged(
          at - 0.03 * index,
          {
            host: `10.4.18.23(${51_000 + index * 9})`,
            user: "insights_web",
            database: "insights",
            pid: killed + 400 + index,
          },
          "FATAL:  the database system is in recovery mode",
        ),
      ),
      logged(at - 0.2, postmaster, "LOG:  all server processes terminated; reinitializing"),
      logged(
        at - 0.22,
        { pid: killed + 500 },
        `LOG:  database system was interrupted; last known up at ${ago(at + 3)
          .toISOString()
          .slice(0, 19)
          .replace("T", " ")} UTC`,
      ),
      logged(
        at - 0.4,
        { pid: killed + 500 },
        "LOG:  database system was not properly shut down; automatic recovery in progress",
      ),
      logged(at - 0.41, { pid: killed + 500 }, "LOG:  redo starts at 4A1/7C0211F8"),
      logged(
        at - 0.7,
        { pid: killed + 500 },
        "LOG:  redo done at 4A1/8F10A3C0 system usage: CPU: user: 3.11 s, system: 1.70 s, elapsed: 17.42 s",
      ),
      logged(at - 0.8, postmaster, "LOG:  database system is ready to accept connections"),
    ];
    const before = withDays(
      withoutInsights(
        calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          connections: 74,
          cpu: 46,
          iops: 500,
          freeGib: 220,
        }),
      ),
    );
    const connected: Curve = (minutes) => {
      const dead = kills.some((kill) => minutes <= kill && minutes > kill - 1.5);
      return dead ? 9 : (usual(74)(minutes) ?? 0);
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.m6g.large",
          DBName: "insights",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...before,
        FreeableMemory: beforeKills(1.6 * gib, 74 * mib),
        SwapUsage: beforeKills(40 * mib, 1.4 * gib),
        CPUUtilization: beforeKills(46, 91),
        DatabaseConnections: connected,
      },
      events: [
        ...nightlyBackup(id),
        told(
          group,
          raised,
          "configuration change",
          "Updated parameter work_mem to 524288 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: null,
      logs: [errorLog([...crash(kills[0], pid - 310), ...crash(kills[1], pid)], kills[1] - 0.8)],
      changes: [
        {
          at: ago(raised).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "m.santos",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"work_mem","parameterValue":"524288","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      alarm: below("FreeableMemory", 256 * mib, [248_000_000, 171_000_000, 98_000_000], kills[1] + 1),
      way: "probe-failed",
    };
  },
});
