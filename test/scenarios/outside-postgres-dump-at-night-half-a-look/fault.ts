import { calmRds } from "../support/outside/calm.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "registry-prod";
const database = "registry";
const began = 58;
const lasts = 130;
const dump = { application: "pg_dump", user: "backup", client: "10.3.9.80", database };
const web = { application: "registry-web", user: "web", client: "10.3.1.12", database };
const copy = "COPY public.filings (id, company_id, filed_at, body) TO stdout;";

export const scenario = defineOutside({
  engine: "postgres",
  title: "The dump of each night runs, and an alarm on the network was set yesterday below what it sends",
  world: (dice) => {
    const nightly = (inside: number, outside: number) => atTheseHours(began, lasts, inside, outside);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.r6i.xlarge",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 266,
          connections: 61,
          cpu: 12,
          iops: 260,
        }),
        CPUUtilization: nightly(33, 24),
        NetworkTransmitThroughput: nightly(61e6, 6e6),
        ReadIOPS: nightly(780, 130),
        ReadThroughput: nightly(64e6, 2.3e6),
        DiskQueueDepth: nightly(0.9, 0.3),
        DBLoad: nightly(1.4, 1.1),
        DBLoadCPU: nightly(0.9, 0.8),
        DBLoadNonCPU: nightly(0.5, 0.3),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.9, "Client:ClientWrite": 0.3, "IO:DataFileRead": 0.2 },
        [
          { sql: copy, waits: { CPU: 0.5, "Client:ClientWrite": 0.3, "IO:DataFileRead": 0.2 } },
          { sql: "SELECT * FROM companies WHERE number = ?", waits: { CPU: 0.2 } },
        ],
        { backup: 1, web: 0.4 },
      ),
      alarm: above("NetworkTransmitThroughput", 50e6, [58.8e6, 61.2e6, 60.4e6], began - 4),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "16.6",
          upDays: 53,
          maxConnections: 3400,
          database,
          groups: [
            group({ state: "idle", ...web }, dice.number(54, 59), 55),
            group({ state: "active", ...web }, 1, 0.01),
            group({ state: "active", ...dump }, 1, 1740),
          ],
          sessions: [
            running(31_207, 1740, {
              ...dump,
              query: copy,
              waitEvent: "Client/ClientWrite",
              transactionSeconds: 3470,
              sessionSeconds: 3471,
            }),
            running(30_015, 0.01, { ...web, query: "SELECT * FROM companies WHERE number = ?" }),
          ],
        }),
        rest: outOfTime,
      }),
    };
  },
});
