import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { byHour, gapped, moves, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "crm-mysql";
const gib = 1024 ** 3;
const mib = 1024 ** 2;
const since = 143;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "sort_buffer_size and join_buffer_size of 64 MiB for all of 380 sessions: the memory is gone in two hours, it swaps, and RDS makes the buffer pool smaller",
  world: (dice) => {
    const swap = dice.number(1840, 1990);
    const raised = (name: string) =>
      told(
        `${id}-params`,
        since,
        "configuration change",
        `Updated parameter ${name} to 67108864 with apply method immediate`,
        "parameter-group",
      );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: gapped(
        withoutInsights({
          ...withDays(
            calmRds({
              engine: "mysql",
              vcpus: 4,
              memoryGib: 16,
              freeGib: 188,
              connections: 380,
              cpu: 34,
              iops: 720,
            }),
          ),
          FreeableMemory: (minutes) =>
            minutes > since ? 3.1 * gib : moves(3.1 * gib, 0.16 * gib, since - 20)(Math.max(0, minutes - 20)),
          SwapUsage: moves(38 * mib, swap * mib, 84),
          CPUUtilization: (minutes) => (minutes > 80 ? byHour(34)(minutes) : moves(34, 47, 80)(minutes)),
          ReadIOPS: turns(byHour(288), 60, 1460),
          WriteIOPS: turns(byHour(432), 60, 910),
          DiskQueueDepth: turns(byHour(0.9), 60, 2.9),
          WriteThroughput: turns(byHour(9.2e6), 60, 16e6),
          ReadThroughput: turns(byHour(5.2e6), 60, 24e6),
        }),
        8,
        5,
      ),
      events: [
        told(
          id,
          6,
          "notification",
          "A database workload is causing the system to run critically low on memory. To help mitigate the issue, RDS automatically set the value of innodb_buffer_pool_size to 9663676416.",
        ),
        raised("sort_buffer_size"),
        raised("join_buffer_size"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "deploy-pipeline",
          detail: "sort_buffer_size=67108864, join_buffer_size=67108864",
          error: null,
        },
      ],
      load: null,
      alarm: below("FreeableMemory", 536_870_912, [4.9e8, 4.1e8, 3.6e8], 33),
      alsoAlarms: [above("SwapUsage", gib, [1.12e9, 1.19e9, 1.27e9], 30, "Maximum")],
      way: "probe-failed",
    };
  },
});
