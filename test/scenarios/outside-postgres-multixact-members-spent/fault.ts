import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "invoicing-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A backfill into partitions has taken all member space of multixacts by its foreign keys: nothing that shares a row lock can be written until the freezing vacuums end",
  world: (dice) => {
    const since = dice.number(24, 29);
    const calm = { engine: "postgres", vcpus: 16, memoryGib: 128, freeGib: 1610 } as const;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.8",
          DBInstanceClass: "db.r6g.4xlarge",
          DBName: "invoicing",
          MultiAZ: true,
          AllocatedStorage: 4000,
          Iops: 16_000,
          StorageThroughput: 500,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...withDays(withoutInsights(calmRds({ ...calm, connections: 318, cpu: 36, iops: 4300 }))),
        ReadIOPS: steps(1720, 7400, 141),
        ReadThroughput: steps(31e6, 118e6, 141),
        WriteIOPS: steps(2600, 940, since),
        WriteThroughput: steps(55e6, 21e6, since),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(2 * 1440).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: `dBInstanceIdentifier=${id}, storageThroughput=500, iops=16000, applyImmediately=true`,
          error: null,
        },
      ],
      logs: [
        errorLog(
          [
            logged(
              52,
              { pid: 30_211 },
              'LOG:  automatic aggressive vacuum to prevent wraparound of table "invoicing.public.payment_attempts": index scans: 0',
            ),
            logged(
              41,
              { pid: 411 },
              "LOG:  checkpoint complete: wrote 61022 buffers (1.5%); 0 WAL file(s) added, 0 removed, 26 recycled; write=269.811 s, sync=0.021 s, total=269.904 s",
            ),
            ...everySoOften(
              { from: since, to: 1, apart: 0.1 },
              { host: "10.20.7.31", user: "invoice_api", database: "invoicing" },
              [
                'ERROR:  multixact "members" limit exceeded',
                "DETAIL:  This command would create a multixact with 2 members, but the remaining space is only enough for 0 members.",
                "HINT:  Execute a database-wide VACUUM in database with OID 16401 with reduced vacuum_multixact_freeze_min_age and vacuum_multixact_freeze_table_age settings.",
                'CONTEXT:  SQL statement "SELECT 1 FROM ONLY "public"."customers" x WHERE "id" OPERATOR(pg_catalog.=) $1 FOR KEY SHARE OF x"',
                "STATEMENT:  INSERT INTO invoices (customer_id, period, total) VALUES ($1, $2, $3) RETURNING id",
              ],
            ),
          ],
          1,
        ),
      ],
      load: null,
      alarm: above("ReadIOPS", 6000, [7310, 7468, 7402], 138),
      alsoAlarms: [below("WriteIOPS", 1200, [961, 932, 948], since - 4)],
      way: "probe-failed",
    };
  },
});
