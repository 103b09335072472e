import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, outOfTime, withoutMonitor } from "../support/outside/postgres-half-look.ts";
import { hiddenSession, lockNode, serverUp } from "../support/outside/postgres-half-rows.ts";

const id = "invoicing-prod";
const database = "invoicing";
const table = { object: "public.invoices", objectKind: "table" } as const;
const [holder, migration] = ["session:8121", "session:8344"];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A migration waits for a table behind an open transaction and everybody behind the migration; the responder was never granted pg_monitor",
  world: (dice) => {
    const waiting = dice.number(56, 61);
    const since = 6;
    const readers = Array.from({ length: waiting }, (_, at) =>
      lockNode(hiddenSession(8350 + at * 3, "api", database), {
        waitsFor: {
          ...table,
          mode: at % 9 === 4 ? "RowExclusiveLock" : "AccessShareLock",
          waitSeconds: since * 60 - 8 - at * 5.4,
          queuePosition: at + 2,
        },
        parent: migration,
        behindQueue: true,
        blockerCount: 1,
      }),
    );
    const longest = since * 60 - 4;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m5.large",
          MultiAZ: true,
          AllocatedStorage: 250,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 97,
          connections: 92,
          cpu: 31,
          iops: 300,
        }),
        CPUUtilization: steps(31, 18, since),
        DatabaseConnections: moves(92, 154, since),
        DBLoad: (ago) => (ago > since ? 0.6 : 1.2 + (since - ago) * 9.8),
        DBLoadCPU: steps(0.47, 0.3, since),
        DBLoadNonCPU: (ago) => (ago > since ? 0.13 : 0.9 + (since - ago) * 9.8),
        WriteIOPS: steps(180, 74, since),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { "Lock:relation": 29.4, CPU: 0.4, "IO:WALSync": 0.1 },
        [
          {
            sql: "SELECT i . * FROM invoices i WHERE i . tenant_id = ? AND i . number = ?",
            waits: { "Lock:relation": 19.8 },
          },
          {
            sql: "INSERT INTO invoices ( tenant_id , number , total ) VALUES ( ? , ? , ? ) RETURNING id",
            waits: { "Lock:relation": 4.7 },
          },
          {
            sql: "SELECT count ( * ) FROM invoices WHERE tenant_id = ? AND paid_at IS NULL",
            waits: { "Lock:relation": 3.9 },
          },
          { sql: "ALTER TABLE invoices ADD COLUMN dunning_level smallint", waits: { "Lock:relation": 1.0 } },
          { sql: "SELECT * FROM tenants WHERE id = ?", waits: { CPU: 0.2 } },
        ],
        { api: 28.7, migrator: 1.0, reports: 0.1 },
      ),
      alarm: above("DBLoad", 6, [10.9, 20.7, 30.6], since - 3),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.10", 29 * 86_400, 838)],
          "postgres-locks-alone": [
            {
              nodes: [
                lockNode(hiddenSession(8121, "reports", database), {
                  holds: [{ ...table, mode: "AccessShareLock", explicit: false }],
                  blocksDirectly: 1,
                  blocksTotal: waiting + 1,
                  longestWaitSeconds: longest,
                }),
                lockNode(hiddenSession(8344, "migrator", database), {
                  waitsFor: { ...table, mode: "AccessExclusiveLock", waitSeconds: longest, queuePosition: 1 },
                  parent: holder ?? null,
                  blockerCount: 1,
                  holderCount: 1,
                  blocksDirectly: waiting,
                  blocksTotal: waiting,
                  longestWaitSeconds: longest - 4,
                }),
                ...readers,
              ],
              waiters: waiting + 1,
              omittedWaiters: 0,
              lockRows: 611,
              cycles: [],
            },
          ],
        },
        rest: withoutMonitor(outOfTime),
      }),
    };
  },
});
