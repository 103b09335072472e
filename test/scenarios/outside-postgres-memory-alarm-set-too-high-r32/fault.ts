import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const gib = 1024 ** 3;
const id = "content-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Healthy: a new alarm wants 4 GiB of freeable memory where 3.4 of 16 have been free for weeks, with no swap and nothing slow",
  world: (dice) => {
    const fired = dice.number(12, 18);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 88,
            connections: 77,
            cpu: 24,
            iops: 290,
          }),
        ),
        FreeableMemory: usual(3.4 * gib),
        SwapUsage: usual(5 * 1024 ** 2),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.37, "IO:WALSync": 0.06, "IO:DataFileRead": 0.04 },
        [
          { sql: "SELECT * FROM articles WHERE slug = $1", waits: { CPU: 0.21, "IO:DataFileRead": 0.03 } },
          {
            sql: "UPDATE articles SET views = views + $1 WHERE id = $2",
            waits: { CPU: 0.06, "IO:WALSync": 0.05 },
          },
        ],
        { cms: 0.4, cms_jobs: 0.07 },
      ),
      logs: [
        errorLog(
          [
            logged(
              141,
              { host: "10.5.1.8(41022)", user: "cms", database: "content", pid: 4_402 },
              'ERROR:  duplicate key value violates unique constraint "articles_slug_key"',
            ),
            logged(8, { pid: 398 }, "LOG:  checkpoint starting: time"),
          ],
          8,
        ),
      ],
      changes: [
        {
          at: ago(60 * 26).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "terraform",
          detail: null,
          error: null,
        },
      ],
      alarm: below("FreeableMemory", 4 * gib, [3_648_000_000, 3_655_000_000, 3_651_000_000], fired),
      way: "probe-failed",
    };
  },
});
