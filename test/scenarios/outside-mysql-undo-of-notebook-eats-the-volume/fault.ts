import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { deadlineOfAll, inPart } from "../support/outside/late-mysql.ts";
import { openTransaction, purgedOf, sleepsInTransaction } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "telemetry-prod";
const [notebook, open] = [88_214, 33_400];
const question = "SELECT * FROM `readings` WHERE `site_id` = ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A notebook keeps its snapshot for nine hours; nothing can be purged, and the undo tablespaces eat the volume",
  world: (dice) => {
    const now = dice.number(20, 23);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.36",
          DBInstanceClass: "db.m6g.2xlarge",
          AllocatedStorage: 250,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 120,
            connections: 118,
            cpu: 37,
            iops: 1400,
          }),
        ),
        BinLogDiskUsage: usual(1.2 * gib),
        FreeStorageSpace: between(open / 60, 0, 120 * gib, now * gib),
      },
      events: nightlyBackup(id),
      load: null,
      alarm: below("FreeStorageSpace", 25 * gib, [26_760_000_000, 26_590_000_000, 26_420_000_000], 20),
      culprits: [notebook],
      way: "probe-failed",
      inPart: inPart({
        version: "8.0.36",
        major: 8,
        signInMs: 64,
        rest: deadlineOfAll,
        answers: {
          "mysql-server": [serverOf("8.0.36", 47 * 86_400, 2600)],
          "mysql-row-locks": [nobodyWaits],
          "mysql-connections": [
            groupOf("ingest", "10.4.18.21", "idle", 52, [0.4, 2.1]),
            groupOf("ingest", "10.4.19.22", "idle", 48, [0.4, 1.9]),
            groupOf("ingest", "10.4.18.21", "active", 4, [0.004, 0.02]),
            groupOf("jupyter_ro", "10.4.40.11", "idle-in-transaction", 1, [open - 90, open - 90]),
            ownGroup,
          ],
          "mysql-sessions": [
            sleepsInTransaction(notebook, "jupyter_ro", open - 90, question),
            atWork(
              90_117,
              "ingest",
              0.01,
              "wait/io/table/sql/handler",
              "INSERT INTO `readings` VALUES (...)",
            ),
          ],
          "mysql-oldest-transaction": [
            openTransaction(notebook, "jupyter_ro", open, { client: "10.4.40.11", idleSeconds: open - 90 }),
          ],
          "mysql-oldest-transaction-purge": [
            { ...purgedOf(30_100_000, 910), undoBytes: 98 * gib, undoTablespaces: 2 },
          ],
        },
      }),
    };
  },
});
