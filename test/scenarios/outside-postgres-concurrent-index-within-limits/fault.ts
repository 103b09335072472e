import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "claims-prod";
const database = "claims";
const web = { application: "claims-web", user: "claims", client: "10.27.0.9", database };
const flyway = { application: "flyway", user: "migrations", client: "10.27.8.2", database };
const build = "CREATE INDEX CONCURRENTLY claim_notes_author_idx ON claim_notes (author_id, created_at)";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An index is built beside the work, which does not feel it; the alarm on writes is that of the volume of last year",
  world: (dice) => {
    const began = dice.number(22, 26);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          DBName: database,
          EngineVersion: "15.12",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 8,
          memoryGib: 64,
          connections: 176,
          cpu: 29,
          iops: 1500,
          freeGib: 366,
        }),
        WriteIOPS: steps(900, 2980, began),
        WriteThroughput: steps(19e6, 64e6, began),
        ReadIOPS: steps(600, 2240, began),
        ReadThroughput: steps(11e6, 58e6, began),
        DiskQueueDepth: steps(1.8, 6.1, began),
        CPUUtilization: steps(29, 42, began),
        DBLoad: steps(2.3, 3.9, began),
        DBLoadCPU: steps(1.8, 2.6, began),
        DBLoadNonCPU: steps(0.5, 1.3, began),
        FreeStorageSpace: (minutes) => (366 - (Math.max(0, began - minutes) / began) * 17) * 1024 ** 3,
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2.6, "IO:DataFileRead": 0.8, "IO:WALSync": 0.3, "IO:BufFileWrite": 0.2 },
        [
          { sql: build, waits: { CPU: 0.7, "IO:DataFileRead": 0.6, "IO:BufFileWrite": 0.2 } },
          { sql: "SELECT * FROM claims WHERE policy_id = $1", waits: { CPU: 0.8, "IO:DataFileRead": 0.1 } },
          {
            sql: "INSERT INTO claim_notes (claim_id, author_id, text) VALUES ($1, $2, $3)",
            waits: { CPU: 0.3, "IO:WALSync": 0.3 },
          },
        ],
        { claims: 2.3, migrations: 1.5 },
      ),
      alarm: above("WriteIOPS", 2500, [2874, 2991, 3012], began - 5),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "15.12",
            upDays: 64,
            maxConnections: 5000,
            database,
            groups: [
              group({ state: "idle", ...web }, 170, 37),
              group({ state: "active", ...web }, 4, 0.02),
              group({ state: "active", ...flyway }, 1, began * 60),
            ],
            sessions: [
              running(15_420, began * 60, { ...flyway, waitEvent: "IO/DataFileRead", query: build }),
              running(2_871, 0.02, { ...web, query: "SELECT * FROM claims WHERE policy_id = $1" }),
              running(2_904, 0.01, { ...web, query: "SELECT * FROM claims WHERE policy_id = $1" }),
            ],
          }),
          "postgres-vacuum-progress": [
            {
              command: "create-index",
              pid: 15_420,
              sessionKey: null,
              automatic: false,
              wraparound: false,
              database,
              relation: "public.claim_notes",
              phase: "building index: scanning table",
              seconds: began * 60,
              done: 5_214_008,
              total: 8_551_120,
              unit: "blocks",
              percent: 60.97,
              waitEvent: "IO/DataFileRead",
              user: flyway.user,
              application: flyway.application,
            },
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
