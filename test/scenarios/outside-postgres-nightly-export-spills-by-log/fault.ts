import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "claims-prod";
const calm = withDays(
  withoutInsights(
    calmRds({
      engine: "postgres",
      vcpus: 4,
      memoryGib: 16,
      freeGib: 210,
      connections: 74,
      cpu: 29,
      iops: 430,
    }),
  ),
);
const statement =
  "SELECT c.id, c.opened_at, p.name, string_agg(n.body, ' ') FROM claims c JOIN parties p ON p.claim_id = c.id JOIN notes n ON n.claim_id = c.id WHERE c.region = 'south' GROUP BY 1, 2, 3 ORDER BY 2";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An export runs over and over and sorts on disk, 1 GiB a file, until the volume of 3,000 IOPS and 125 MiB/s is full of it",
  world: (dice) => {
    const since = dice.number(33, 41);
    const spills = Array.from({ length: 70 }, (_, place) => 36 - place / 2).filter((ago) => ago > 1);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 350,
          Iops: 3000,
          StorageThroughput: 125,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...calm,
        WriteThroughput: turns(usual(5.4e6), since, 61e6),
        ReadThroughput: turns(usual(3.1e6), since, 66e6),
        WriteIOPS: turns(usual(260), since, 690),
        ReadIOPS: turns(usual(170), since, 720),
        WriteLatency: turns(usual(0.0015), since, 0.071),
        ReadLatency: turns(usual(0.0007), since, 0.064),
        DiskQueueDepth: turns(usual(0.5), since, 91),
        CPUUtilization: turns(usual(29), since, 44),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          spills.flatMap((ago, place) => {
            const client = {
              host: "10.8.3.71(51822)",
              user: "claims_export",
              database: "claims",
              pid: 6100 + (place % 3),
            };
            const path = `base/pgsql_tmp/pgsql_tmp${client.pid}.${place}`;
            return [
              logged(ago, client, `LOG:  temporary file: path "${path}", size 1073741824`),
              logged(ago, client, `STATEMENT:  ${statement}`),
            ];
          }),
          1,
        ),
      ],
      alarm: above("WriteLatency", 0.05, [0.069, 0.072, 0.07], 20),
      way: "probe-failed",
    };
  },
});
