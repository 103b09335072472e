import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, gapped, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "controlling-a";
const reader = "controlling-b";
const cluster = "controlling";
const gib = 1024 ** 3;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "work_mem was raised to 512 MB for every session of the writer this morning; twice since the engine was killed for memory",
  world: (dice) => {
    const raised = dice.number(92, 98);
    const second = dice.number(13, 15);
    const first = second + 48;
    const falls: Curve = (ago) => {
      if (ago > raised) return 3.6 * gib;
      const start = ago > first ? raised : ago > second ? first : second;
      const left = 3.4 - 3.25 * Math.min(1, (start - ago) / (ago > first ? raised - first : 47));
      return left * gib;
    };
    const of = {
      Engine: "aurora-postgresql",
      EngineVersion: "15.8",
      DBInstanceClass: "db.r6g.large",
      DBClusterIdentifier: cluster,
    };
    const killed = (minutes: number, pid: number) => [
      logged(minutes, { pid: 602 }, `LOG:  server process (PID ${pid}) was terminated by signal 9: Killed`),
      logged(
        minutes,
        { pid: 602 },
        "DETAIL:  Failed process was running: SELECT l.account, l.cost_center, sum(l.amount) FROM ledger_lines l JOIN periods p ON p.id = l.period_id GROUP BY l.account, l.cost_center ORDER BY 3 DESC",
      ),
      logged(minutes, { pid: 602 }, "LOG:  terminating any other active server processes"),
    ];
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf(cluster, [id, reader], { Engine: "aurora-postgresql", EngineVersion: "15.8" }),
      metrics: gapped(
        gapped(
          {
            ...calmAurora({
              engine: "postgres",
              vcpus: 2,
              memoryGib: 16,
              connections: 83,
              cpu: 37,
              iops: 340,
            }),
            ...calmReader(reader, 16),
            FreeableMemory: falls,
            SwapUsage: steps(6e6, 190e6, raised),
            EngineUptime: (ago) => {
              if (ago > first) return 63 * 86_400 - ago * 60;
              return ((ago > second ? first : second) - ago) * 60;
            },
          },
          first,
          first - 2,
        ),
        second,
        second - 2,
      ),
      events: [
        told(id, second - 2, "availability", "DB instance restarted"),
        told(id, first - 2, "availability", "DB instance restarted"),
        told(
          `${id}-params`,
          raised + 1,
          "configuration change",
          "Updated parameter work_mem to 524288 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: loadOf(
        { CPU: 1.1, "IO:DataFileRead": 0.3, "IO:XactSync": 0.1 },
        [
          {
            sql: "SELECT l.account, l.cost_center, sum ( l.amount ) FROM ledger_lines l JOIN periods p ON p.id = l.period_id GROUP BY l.account, l.cost_center ORDER BY ? DESC",
            waits: { CPU: 0.7, "IO:DataFileRead": 0.3 },
          },
          {
            sql: "INSERT INTO ledger_lines (period_id, account, amount) VALUES (?, ?, ?)",
            waits: { CPU: 0.3, "IO:XactSync": 0.1 },
          },
        ],
        { controlling: 1.2, import: 0.3 },
      ),
      logs: [errorLog([...killed(first, 3312), ...killed(second, 8840)], second)],
      alarm: below("FreeableMemory", 5e8, [4.1e8, 3.3e8, 2.6e8], second + 2),
      alsoAlarms: [{ ...below("EngineUptime", 300, [61, 121, 181], second - 6), state: "OK" }],
      way: "probe-failed",
    };
  },
});
