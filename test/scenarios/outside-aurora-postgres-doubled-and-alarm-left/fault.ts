import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "core-1";
const reader = "core-2";
const doubled = 1210;
const version = { Engine: "aurora-postgresql", EngineVersion: "16.4" };
const of = { ...version, DBInstanceClass: "db.r6g.4xlarge", DBClusterIdentifier: "core" };

/** The same work on twice the vCPUs. */
const cpu: Curve = (minutes) => (minutes > doubled ? 88 : 46);

export const scenario = defineOutside({
  engine: "postgres",
  title: "The class was doubled yesterday; the alarm on the load still stands at the vCPUs of the old one",
  world: (dice) => {
    const api = dice.number(15, 19) / 10;
    return {
      instances: [instanceOf(id, of), instanceOf(reader, of)],
      cluster: clusterOf("core", [id, reader], version),
      metrics: {
        ...calmAurora({
          engine: "postgres",
          vcpus: 16,
          memoryGib: 128,
          connections: 388,
          cpu: 46,
          iops: 900,
        }),
        CPUUtilization: cpu,
        DBLoad: usual(api + 7.6),
        DBLoadCPU: usual(api * 0.85 + 5.9),
        DBLoadNonCPU: usual(api * 0.15 + 1.7),
        CommitThroughput: usual(640),
        EngineUptime: (minutes) => Math.max(1, doubled - minutes) * 60,
        ...calmReader(reader, 128),
      },
      events: [
        told(id, doubled, "availability", "DB instance restarted"),
        told(id, doubled - 1, "configuration change", "Finished applying modification to DB instance class"),
        told(id, doubled + 9, "configuration change", "Applying modification to database instance class"),
      ],
      changes: [
        {
          at: ago(doubled + 10).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "platform-oncall",
          detail: "dBInstanceClass db.r6g.4xlarge, applyImmediately true",
          error: null,
        },
      ],
      load: loadOf(
        {
          CPU: api * 0.85 + 5.9,
          "IO:XactSync": 0.9,
          "IO:DataFileRead": api * 0.15 + 0.5,
          "LWLock:WALInsert": 0.3,
        },
        [
          {
            sql: "SELECT * FROM accounts WHERE id = $1",
            waits: { CPU: api * 0.85, "IO:DataFileRead": api * 0.15 },
          },
          {
            sql: "SELECT * FROM positions WHERE account_id = $1",
            waits: { CPU: 1.4, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "INSERT INTO journal (account_id, amount, booked_at) VALUES ($1, $2, $3)",
            waits: { CPU: 0.6, "IO:XactSync": 0.7, "LWLock:WALInsert": 0.2 },
          },
          { sql: "SELECT * FROM quotes WHERE symbol = ANY ($1)", waits: { CPU: 1.3 } },
          {
            sql: "UPDATE positions SET qty = qty + $1 WHERE id = $2",
            waits: { CPU: 0.7, "IO:XactSync": 0.2 },
          },
        ],
        { core_api: api + 5.3, core_jobs: 2.3 },
      ),
      alarm: above("DBLoad", 8, [9.2, 9.6, 9.1], 11),
      way: "probe-failed",
    };
  },
});
