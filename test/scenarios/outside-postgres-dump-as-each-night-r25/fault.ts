import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "archive-pg";
const web = { application: "archive-web", user: "archive_web", client: "10.4.18.23", database: "archive" };
const dump = { application: "pg_dump", user: "nightly_dump", client: "10.4.40.12", database: "archive" };

export const scenario = defineOutside({
  engine: "postgres",
  title: "Nothing is wrong: pg_dump reads the archive as each night at this hour, and nobody waits for it",
  world: (dice) => {
    const began = dice.number(46, 49);
    const then = (inside: number, outside: number) => atTheseHours(began, 110, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.17",
          DBInstanceClass: "db.r6g.xlarge",
          DBName: "archive",
          AllocatedStorage: 1000,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withoutInsights(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 32,
            connections: 63,
            cpu: 14,
            iops: 300,
            freeGib: 402,
          }),
        ),
        CPUUtilization: then(37, 14),
        ReadIOPS: then(1180, 120),
        ReadThroughput: then(128e6, 2.2e6),
        ReadLatency: then(0.0016, 0.0007),
        DiskQueueDepth: then(2.2, 0.4),
        NetworkTransmitThroughput: then(61e6, 2e6),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: above("ReadThroughput", 100e6, [126_400_000, 131_200_000, 127_900_000], began - 5),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "14.17",
          upDays: 63,
          maxConnections: 3400,
          database: "archive",
          groups: [
            group({ state: "idle", ...web }, 58, 210),
            group({ state: "active", ...web }, 2, 0.02),
            group({ state: "active", ...dump }, 1, 1610),
          ],
          sessions: [
            running(15_511, 1610, {
              ...dump,
              transactionSeconds: began * 60,
              waitEvent: "IO/DataFileRead",
              query: "COPY public.documents (id, tenant_id, body, created_at) TO stdout;",
            }),
          ],
        }),
        rest: outOfTime,
      }),
    };
  },
});
