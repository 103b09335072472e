import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { daily, gapped, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "marketplace-prod";
const database = "marketplace";
const question =
  "SELECT v.viewer_id, v.listing_id, count(*), max(v.seen_at) FROM listing_views v WHERE v.viewer_id % 64 = $1 GROUP BY v.viewer_id, v.listing_id";

/** One call of the export that ended then, with what it was asked. */
function ended(minutes: number, worker: number, share: number, milliseconds: number): string[] {
  const client = {
    host: `10.44.9.30(${47_110 + worker})`,
    user: "recs_export",
    database,
    pid: 30_410 + worker,
  };
  return [
    logged(minutes, client, `LOG:  duration: ${milliseconds.toFixed(3)} ms  execute <unnamed>: ${question}`),
    logged(minutes, client, `DETAIL:  parameters: $1 = '${share}'`),
  ];
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Six workers of a new export count every view of the day on the primary: 4 vCPUs full, no Performance Insights, the log's durations name it",
  world: (dice) => {
    const since = dice.number(37, 42);
    // Six at a time, each for three quarters of a minute.
    const calls = Array.from({ length: 6 * Math.floor((since - 2) / 0.75) }, (_, at) => at);
    const slow = calls.flatMap((at) =>
      ended(since - 0.8 - at * 0.125, at % 6, at % 64, 41_300 + ((at * 37) % 83) * 97.31),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "13.20",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 250,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...gapped(
          withDays(
            withoutInsights(
              calmRds({
                engine: "postgres",
                vcpus: 4,
                memoryGib: 16,
                connections: 88,
                cpu: 33,
                iops: 610,
                freeGib: 97,
              }),
            ),
          ),
          14,
          11,
        ),
        CPUUtilization: turns(daily(33, 0.3), since, 98.3),
        DatabaseConnections: turns(daily(88, 0.1), since, 101),
        ReadIOPS: turns(daily(244, 0.3), since, 390),
        ReadThroughput: turns(daily(4.4e6, 0.3), since, 9e6),
      },
      events: [
        told(id, 71, "backup", "Creating manual snapshot"),
        told(id, 66, "backup", "Manual snapshot created"),
        ...nightlyBackup(id),
      ],
      load: null,
      logs: [errorLog(slow, 1.6)],
      alarm: above("CPUUtilization", 85, [97.9, 98.4, 98.2], since - 5),
      way: "probe-failed",
    };
  },
});
