import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const id = "basket-pg";
const database = "basket";
const checkout = { application: "checkout-service", user: "checkout", client: "10.9.14.6", database };
const admin = { application: "basket-admin", user: "admin_ui", client: "10.9.2.31", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The card provider answers slowly, and the shop asks it within its transactions: they pile up idle until the slots run out",
  world: (dice) => {
    const idle = dice.number(143, 151);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          DBName: database,
          EngineVersion: "14.13",
          DBInstanceClass: "db.r6g.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 84, cpu: 31, iops: 310 }),
        DatabaseConnections: moves(84, idle + 41, 13),
        CPUUtilization: steps(31, 22, 12),
        WriteIOPS: steps(186, 104, 12),
        DBLoad: steps(0.6, 0.4, 12),
        NetworkTransmitThroughput: steps(2.6e6, 1.5e6, 12),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 0.4, "IO:WALSync": 0.1 },
        [
          { sql: "UPDATE baskets SET state = $1 WHERE id = $2", waits: { CPU: 0.1, "IO:WALSync": 0.1 } },
          { sql: "SELECT * FROM basket_lines WHERE basket_id = $1", waits: { CPU: 0.2 } },
        ],
        { checkout: 0.4, admin_ui: 0.1 },
      ),
      alarm: above("DatabaseConnections", 160, [164, 171, 179], 3, "Maximum"),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "14.13",
          upDays: 58,
          maxConnections: 200,
          database,
          groups: [
            group({ state: "idle-in-transaction", ...checkout }, idle, 74),
            group({ state: "idle", ...admin }, 29, 190),
            group({ state: "active", ...checkout }, 2, 0.01),
            group({ state: "idle", ...checkout }, 8, 1.4),
          ],
          sessions: [
            ...Array.from({ length: idle }, (_, index) => {
              const waited = 74 - (index * 72) / idle;
              return running(8_100 + index * 3, waited, {
                ...checkout,
                state: "idle-in-transaction",
                transactionSeconds: waited + 0.03,
                statementSeconds: null,
                waitEvent: "Client/ClientRead",
                query: "UPDATE baskets SET state = $1 WHERE id = $2",
              });
            }),
            running(9_044, 0.01, { ...checkout, query: "SELECT * FROM basket_lines WHERE basket_id = $1" }),
          ],
        }),
        rest: outOfTime,
      }),
    };
  },
});
