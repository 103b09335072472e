import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { during, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook, noStatementStatistics } from "../support/outside/postgres-half-look.ts";
import { group, ratesOf, running } from "../support/outside/postgres-half-rows.ts";

const writer = "tickets-1";
const reader = "tickets-2";
const database = "tickets";
const began = 29;
const ended = 9;
const shape = {
  DBClusterIdentifier: "tickets",
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.xlarge",
};
const app = { application: "desk", user: "desk", client: "10.9.1.44", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "An index was built concurrently with two helpers and took three of four vCPUs for twenty minutes; it is done",
  world: (dice) => {
    const idle = dice.number(96, 104);
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: idle + 3, cpu: 22, iops: 520 }),
    );
    const meanwhile = (inside: number, outside: number) => during(began, ended, inside, outside);
    return {
      instances: [instanceOf(writer, shape), instanceOf(reader, shape)],
      cluster: clusterOf("tickets", [writer, reader], { Engine: "aurora-postgresql" }),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        CPUUtilization: meanwhile(93, 22),
        ReadIOPS: meanwhile(930, 208),
        WriteIOPS: meanwhile(1900, 312),
        FreeLocalStorage: meanwhile(49e9, 65e9),
        DBLoad: meanwhile(4.1, 0.9),
        DBLoadCPU: meanwhile(3.6, 0.7),
        DBLoadNonCPU: meanwhile(0.5, 0.2),
      },
      events: [],
      load: loadOf(
        { CPU: 1.8, "IO:DataFileRead": 0.2, "IO:XactSync": 0.2 },
        [
          {
            sql: "CREATE INDEX CONCURRENTLY ix_messages_ticket ON messages ( ticket_id , sent_at )",
            waits: { CPU: 1.1, "IO:DataFileRead": 0.2 },
          },
          { sql: "SELECT * FROM tickets WHERE queue_id = ? AND state = ?", waits: { CPU: 0.3 } },
          { sql: "COMMIT", waits: { "IO:XactSync": 0.2 } },
        ],
        { schema_owner: 1.3, desk: 0.9 },
      ),
      alarm: { ...above("CPUUtilization", 85, [91.7, 93.2, 93.5], 23), state: "OK" },
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "15.10",
            upDays: 39,
            maxConnections: 3300,
            database,
            groups: [group({ state: "idle", ...app }, idle, 47), group({ state: "active", ...app }, 1, 0.02)],
            sessions: [
              running(8830, 0.02, {
                ...app,
                query: "SELECT * FROM tickets WHERE queue_id = ? AND state = ?",
              }),
            ],
          }),
          "postgres-oldest-xmin": [],
          "postgres-database-rates": [ratesOf(database, idle + 1, 240)],
          "postgres-top-statements": noStatementStatistics,
          "postgres-top-statements-capacity": noStatementStatistics,
        },
        rest: cutOff,
      }),
    };
  },
});
