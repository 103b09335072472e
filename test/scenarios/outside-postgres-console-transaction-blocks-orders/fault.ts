import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, outOfTime, timedOut } from "../support/outside/postgres-half-look.ts";
import { group, ownGroup, running, serverUp } from "../support/outside/postgres-half-rows.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "orders-eu-1";
const database = "orders";
const api = { application: "orders-api", user: "orders_rw", client: "10.12.40.6", database };
const person = {
  application: "DBeaver 24.2.3 - SQLEditor <fix status.sql>",
  user: "mkeller",
  client: "10.200.7.31",
  database,
};
const update = "UPDATE orders SET status = ?, updated_at = now() WHERE id = ?";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody corrected orders by hand and went for coffee without commit; who waits for whom is not answered in time",
  world: (dice) => {
    const waiting = dice.number(93, 99);
    const idle = dice.number(790, 860);
    const minutes = idle / 60;
    const cancelled = Array.from({ length: 26 }, (_, at) => {
      const client = {
        host: `10.12.40.${6 + (at % 4)}(${44_010 + at * 31})`,
        user: "orders_rw",
        database,
        pid: 15_400 + at * 9,
      };
      const when = minutes - 0.6 - at * ((minutes - 1) / 26);
      return [
        logged(when, client, "ERROR:  canceling statement due to statement timeout"),
        logged(
          when,
          client,
          `CONTEXT:  while updating tuple (${81_204 + (at % 5)},${3 + (at % 7)}) in relation "orders"`,
        ),
        logged(when, client, "STATEMENT:  UPDATE orders SET status = $1, updated_at = now() WHERE id = $2"),
      ];
    }).flat();
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 300,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 140,
          connections: 64,
          cpu: 34,
          iops: 420,
        }),
        DatabaseConnections: (ago) => (ago < 3 ? 166 : Number(moves(64, 166, minutes)(Math.max(0, ago - 3)))),
        CPUUtilization: steps(34, 23, minutes),
        WriteIOPS: steps(252, 141, minutes),
      }),
      events: nightlyBackup(id),
      load: null,
      logs: [errorLog(cancelled, 0.4)],
      alarm: above("DatabaseConnections", 130, [133, 140, 147], 6),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("14.15", 51 * 86_400, 1690)],
          "postgres-blocking": timedOut,
          "postgres-locks-alone": timedOut,
          "postgres-connections": [
            group({ state: "active", ...api }, waiting + 2, 29.4, {
              waitingOnLock: waiting,
              medianStateSeconds: 13,
            }),
            group({ state: "idle", ...api }, 166 - waiting - 4, 44),
            group({ state: "idle-in-transaction", ...person }, 1, idle),
            ownGroup(database),
          ],
          "postgres-sessions": [
            running(15_977, idle, {
              ...person,
              state: "idle-in-transaction",
              statementSeconds: null,
              transactionSeconds: idle + 24,
              waitEvent: "Client/ClientRead",
              query: "UPDATE orders SET status = ? WHERE status = ? AND created_at < ?",
            }),
            ...Array.from({ length: waiting }, (_, at) =>
              running(15_402 + at * 6, 29.4 - at * 0.28, {
                ...api,
                waitEvent: at % 3 === 0 ? "Lock/tuple" : "Lock/transactionid",
                query: update,
              }),
            ),
            running(16_204, 0.02, { ...api, query: "SELECT * FROM customers WHERE id = ?" }),
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
