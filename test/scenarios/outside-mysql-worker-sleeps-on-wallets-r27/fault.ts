import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { inPart, notRecorded } from "../support/outside/late-mysql.ts";
import { openTransaction, sleepsInTransaction } from "../support/outside/late-mysql-more.ts";
import { atWork, groupOf, ownGroup, ratesOf, serverOf } from "../support/outside/late-mysql-rows.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "payments-main";
const update = "UPDATE wallets SET balance = balance - ?, updated_at = NOW() WHERE id = ?";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A payout worker waits for a bank's answer with its transaction open, and sleeps on the rows of wallets that everybody wants; performance_schema is off",
  world: (dice) => {
    const since = dice.number(20, 23);
    const asleep = since * 60 + 14;
    const waiters = Array.from({ length: 31 }, (_, index) => ({
      session: 51_310 + index * 3,
      seconds: 3 + ((index * 7) % 46),
      age: 4 + ((index * 7) % 46),
    }));
    const calm = withDays(
      withoutInsights(
        calmRds({
          engine: "mysql",
          vcpus: 2,
          memoryGib: 16,
          freeGib: 120,
          connections: 92,
          cpu: 34,
          iops: 520,
        }),
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
          DBName: "payments",
        }),
      ],
      metrics: {
        ...calm,
        DatabaseConnections: (ago) =>
          ago > since ? (usual(92)(ago) ?? 0) : (moves(92, 171, since)(ago) ?? 0),
        CPUUtilization: turns(usual(34), since, 23),
        WriteIOPS: turns(usual(312), since, 190),
      },
      events: nightlyBackup(id),
      load: null,
      logs: [
        mysqlErrorLog(
          [
            mysqlErrorLine(
              since - 12,
              51_204,
              "[Note] [MY-010914] [Server] Aborted connection 51204 to db: 'payments' user: 'checkout' host: '10.4.18.23' (Got an error reading communication packets).",
            ),
          ],
          since - 12,
        ),
      ],
      alarm: above("DatabaseConnections", 150, [156, 160, 164], 4),
      way: "probe-failed",
      culprits: [50_877],
      inPart: inPart({
        version: "8.0.40",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.40", 71 * 86_400, 1300)],
          "mysql-connections": [
            groupOf("checkout", "10.4.18.23", "idle", 78, [21, 190]),
            groupOf("checkout", "10.4.19.40", "active", 31, [24, 49], { waitingOnLock: 31 }),
            groupOf("checkout", "10.4.19.40", "idle", 54, [17, 160]),
            groupOf("payout_worker", "10.4.20.31", "idle-in-transaction", 1, [asleep, asleep]),
            groupOf("payout_worker", "10.4.20.31", "idle", 5, [33, 120]),
            ownGroup,
          ],
          "mysql-sessions": [
            {
              ...sleepsInTransaction(50_877, "payout_worker", asleep, ""),
              query: null,
              statementKey: null,
              client: "10.4.20.31",
              rowsModified: 640,
            },
            ...waiters.map(({ session, seconds, age }) =>
              atWork(session, "checkout", seconds, "updating", update, { transactionSeconds: age }),
            ),
          ],
          "mysql-row-locks": notRecorded,
          "mysql-oldest-transaction": [
            openTransaction(50_877, "payout_worker", asleep + 1, {
              client: "10.4.20.31",
              rowsModified: 640,
              rowsLocked: 641,
            }),
            ...waiters.map(({ session, age }) =>
              openTransaction(session, "checkout", age, { state: "lock-wait", rowsLocked: 1, query: update }),
            ),
          ],
          "mysql-innodb-rates": [
            ratesOf(71 * 86_400, {
              commitsPerSecond: 61,
              rollbacksPerSecond: 0.8,
              rowLocks: { waitingNow: 31, waitsPerSecond: 1.3, averageWaiters: 31 },
              threads: { running: 33, connected: 170, connectedBefore: 170, maxUsed: 188 },
            }),
          ],
        },
        rest: notRecorded,
      }),
    };
  },
});
