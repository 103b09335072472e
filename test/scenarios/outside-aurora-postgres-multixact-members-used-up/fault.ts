import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const cluster = "billing-core";
const [writer, reader] = ["billing-core-1", "billing-core-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "13.18",
  DBInstanceClass: "db.r6g.8xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A backfill of a partitioned copy locks parents by its foreign keys until the space of multixact members is used up: inserts are refused till vacuum has passed the large tables (real: four outages of a billing service in May 2025)",
  world: (dice) => {
    const since = dice.number(34, 39);
    const api = { host: "10.90.12.41", user: "billing_api", database: "billing" };
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, like)],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: like.Engine,
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({
            engine: "postgres",
            vcpus: 32,
            memoryGib: 256,
            connections: 780,
            cpu: 42,
            iops: 9400,
          }),
        ),
        ...calmReader(reader, 256),
        CommitThroughput: steps(2900, 640, since),
        CommitLatency: steps(2.6, 2.9, since),
        CPUUtilization: steps(42, 27, since),
        DBLoad: steps(13.4, 12.1, since),
        DBLoadCPU: steps(10.3, 6.4, since),
        DBLoadNonCPU: steps(3.1, 5.7, since),
        ReadIOPS: steps(3760, 7900, since),
        ReadThroughput: steps(68e6, 142e6, since),
        BufferCacheHitRatio: steps(99.8, 98.1, since),
        VolumeBytesUsed: usual(38e12),
        MaximumUsedTransactionIDs: usual(231e6),
      },
      events: nightlyBackup(writer),
      changes: [
        {
          at: ago(60 * 26).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "CreateDBClusterSnapshot",
          by: "billing-deploy",
          detail: `dBClusterIdentifier=${cluster}, dBClusterSnapshotIdentifier=before-invoice-backfill`,
          error: null,
        },
      ],
      logs: [
        errorLog(
          [
            logged(
              since + 6,
              { host: "10.90.14.9(44120)", user: "backfill", database: "billing", pid: 18_114 },
              "WARNING:  database with OID 16401 must be vacuumed before 412876 more multixact members are used",
            ),
            ...everySoOften({ from: since, to: 1, apart: 1.9 }, api, [
              'ERROR:  multixact "members" limit exceeded',
              "DETAIL:  This command would create a multixact with 2 members, but the remaining space is only enough for 0 members.",
              "HINT:  Execute a database-wide VACUUM in database with OID 16401 with reduced vacuum_multixact_freeze_min_age and vacuum_multixact_freeze_table_age settings.",
              "STATEMENT:  INSERT INTO invoice_lines (invoice_id, product_id, amount) VALUES ($1, $2, $3)",
            ]),
          ],
          1,
        ),
      ],
      load: loadOf(
        { CPU: 6.4, "IO:DataFileRead": 3.9, "LWLock:MultiXactMemberBuffer": 0.4, "Timeout:VacuumDelay": 1.2 },
        [
          {
            sql: "autovacuum: VACUUM public.invoice_lines (to prevent wraparound)",
            waits: { "IO:DataFileRead": 1.6, CPU: 0.7, "Timeout:VacuumDelay": 0.6 },
          },
          {
            sql: "autovacuum: VACUUM public.invoices (to prevent wraparound)",
            waits: { "IO:DataFileRead": 1.4, CPU: 0.5, "Timeout:VacuumDelay": 0.6 },
          },
          {
            sql: "INSERT INTO invoice_lines (invoice_id, product_id, amount) VALUES ($1, $2, $3)",
            waits: { CPU: 0.9 },
          },
          {
            sql: "SELECT * FROM invoices WHERE customer_id = $1 AND period = $2",
            waits: { CPU: 2.2, "IO:DataFileRead": 0.4 },
          },
        ],
        { rdsadmin: 5.4, billing_api: 4.8, backfill: 1.2 },
      ),
      alarm: below("CommitThroughput", 1000, [662.1, 640.3, 631.8], since - 4),
      way: "probe-failed",
    };
  },
});
