import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { asStandby, group, running, serverUp } from "../support/outside/postgres-half-rows.ts";

const source = "loans-primary";
const id = "loans-bi";
const database = "loans";
const since = 37;
const looker = { application: "looker", user: "looker", client: "10.60.7.19", database };
const app = { application: "loans-web", user: "web_ro", client: "10.60.1.8", database };
const cohort =
  "SELECT l.branch_id, date_trunc(?, l.opened_at), sum(r.amount) FROM loans l JOIN repayments r ON r.loan_id = l.id GROUP BY ?, ?";
const shape = {
  Engine: "postgres",
  EngineVersion: "14.15",
  AllocatedStorage: 600,
  Iops: 12_000,
  StorageThroughput: 500,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A replica may let its reports go on for hours: it has replayed nothing since a vacuum's rows are in a report's way",
  world: (dice) => {
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 188,
        connections: 47,
        cpu: 34,
        iops: 900,
      }),
    );
    return {
      instances: [
        instanceOf(id, {
          ...shape,
          DBInstanceClass: "db.r6g.xlarge",
          ReadReplicaSourceDBInstanceIdentifier: source,
        }),
        instanceOf(source, {
          ...shape,
          DBInstanceClass: "db.r6g.2xlarge",
          MultiAZ: true,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: {
        ...calm,
        ReplicaLag: Object.assign((ago: number) => (ago > since ? 0.6 : (since - ago) * 60), { rough: 0 }),
        DBLoad: steps(2.1, 3.1, since),
        DBLoadCPU: steps(1.3, 1.3, since),
        DBLoadNonCPU: steps(0.8, 1.8, since),
        // What has arrived and not been replayed stays on the replica's own volume.
        FreeStorageSpace: moves(211e9, 211e9 - since * 60 * 4.1e6, since),
        TransactionLogsDiskUsage: moves(1.2e9, 1.2e9 + since * 60 * 4.1e6, since),
        WriteIOPS: steps(540, 130, since),
        WriteThroughput: steps(11.3e6, 4.6e6, since),
        [`${source}/WriteIOPS`]: steps(610, 610, since),
        [`${source}/WriteThroughput`]: steps(13e6, 13e6, since),
        [`${source}/TransactionLogsGeneration`]: steps(4.1e6, 4.1e6, since),
        [`${source}/CPUUtilization`]: steps(31, 31, since),
        [`${source}/DatabaseConnections`]: steps(212, 212, since),
        [`${source}/FreeableMemory`]: () => 14.2e9,
        [`${source}/DBLoad`]: steps(3.2, 3.2, since),
      },
      events: [],
      load: loadOf(
        { CPU: 1.3, "IPC:RecoveryConflictSnapshot": 1, "IO:DataFileRead": 0.7, "Client:ClientRead": 0.1 },
        [
          { sql: cohort.replaceAll("(?,", "( ? ,"), waits: { CPU: 0.5, "IO:DataFileRead": 0.5 } },
          { sql: "SELECT * FROM loans WHERE customer_id = ?", waits: { CPU: 0.5 } },
          {
            sql: "SELECT * FROM repayments WHERE loan_id = ? ORDER BY due_on",
            waits: { CPU: 0.2, "IO:DataFileRead": 0.1 },
          },
        ],
        { looker: 1.1, web_ro: 0.9, rdsadmin: 1.1 },
      ),
      alarm: above("ReplicaLag", 900, [902, 962, 1022], since - 17),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...firstAnswers({
            version: "14.15",
            upDays: 112,
            maxConnections: 3400,
            database,
            groups: [
              group({ state: "idle", ...app }, dice.number(38, 41), 72),
              group({ state: "active", ...app }, 2, 0.03),
              group({ state: "idle", ...looker }, 3, 1180),
              group({ state: "active", ...looker }, 1, 2466),
            ],
            sessions: [
              running(20_771, 2466, { ...looker, query: cohort, waitEvent: "IO/DataFileRead" }),
              running(23_905, 0.03, { ...app, query: "SELECT * FROM loans WHERE customer_id = ?" }),
            ],
          }),
          "postgres-server": [serverUp("14.15", 112 * 86_400, 3400, asStandby)],
        },
        rest: outOfTime,
      }),
    };
  },
});
