import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "support-desk-db";
const holder = 8123;
const migration = 9011;

const asked = [
  'SELECT "customers".* FROM "customers" WHERE "customers"."id" = $1 LIMIT $2',
  'SELECT "tickets".* FROM "tickets" INNER JOIN "customers" ON "customers"."id" = "tickets"."customer_id" WHERE "tickets"."state" = $1',
  'UPDATE "customers" SET "last_seen_at" = $1 WHERE "customers"."id" = $2',
] as const;
const modes = ["AccessShareLock", "AccessShareLock", "RowExclusiveLock"] as const;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A migration's ALTER TABLE waits for a session that holds the table, and everybody behind it: log_lock_waits tells",
  world: (dice) => {
    const since = dice.number(9, 11);
    const waiters = Array.from({ length: 18 }, (_, at) => ({
      minutes: since - 0.4 - at * 0.45,
      pid: 7741 + at * 13,
      which: at % 3,
    }));
    const queue = (upTo: number) =>
      [migration, ...waiters.slice(0, upTo + 1).map(({ pid }) => pid)].join(", ");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "17.2",
          DBInstanceClass: "db.r6g.xlarge",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 71,
          connections: 92,
          cpu: 34,
          iops: 640,
        }),
        DatabaseConnections: moves(92, 274, since),
        CPUUtilization: steps(34, 9, since - 1),
        ReadIOPS: steps(256, 31, since - 1),
        WriteIOPS: steps(384, 58, since - 1),
        ReadThroughput: steps(4.6e6, 0.5e6, since - 1),
        WriteThroughput: steps(8.1e6, 1.2e6, since - 1),
        NetworkReceiveThroughput: steps(0.83e6, 0.2e6, since - 1),
        NetworkTransmitThroughput: steps(2.9e6, 0.5e6, since - 1),
        DiskQueueDepth: steps(0.8, 0.1, since - 1),
      }),
      events: nightlyBackup(id),
      load: null,
      logs: [
        errorLog(
          [
            logged(41, { pid: 6120, database: "desk" }, "ERROR:  canceling autovacuum task"),
            logged(
              41,
              { pid: 6120, database: "desk" },
              'CONTEXT:  automatic vacuum of table "desk.public.ticket_events"',
            ),
            ...lockWait(
              since,
              { host: "10.4.9.12(51820)", user: "desk_migrator", database: "desk", pid: migration },
              "AccessExclusiveLock",
              String(migration),
              'ALTER TABLE "customers" ADD COLUMN "vat_checked_at" timestamp(6)',
            ),
            ...waiters.flatMap(({ minutes, pid, which }, at) =>
              lockWait(
                minutes,
                { host: `10.4.18.23(${38_100 + at * 7})`, user: "desk_web", database: "desk", pid },
                modes[which] ?? "AccessShareLock",
                queue(at),
                asked[which] ?? "",
              ),
            ),
          ],
          waiters.at(-1)?.minutes ?? 1,
        ),
      ],
      alarm: above("DatabaseConnections", 200, [203, 221, 238], 2, "Maximum"),
      way: "probe-failed",
    };
  },
});

function lockWait(
  minutes: number,
  client: Parameters<typeof logged>[1],
  mode: string,
  queue: string,
  statement: string,
): string[] {
  return [
    `LOG:  process ${client.pid} still waiting for ${mode} on relation 24961 of database 16402 after 1000.118 ms`,
    `DETAIL:  Process holding the lock: ${holder}. Wait queue: ${queue}.`,
    `STATEMENT:  ${statement}`,
  ].map((says) => logged(minutes, client, says));
}
