import { calmRds } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { atTheseHours } from "../support/outside/days-apart.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "contracts-prod";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Rows of one table point to TOAST chunks that are not there any more: whoever reads them fails, and so does the dump; the CPU alarm is the daily invoice run (real: often asked, last after a host's volume was lost)",
  world: (dice) => {
    const since = dice.number(47, 52);
    const web = { host: "10.20.4.17", user: "contracts_web", database: "contracts" };
    const dump = { host: "10.20.9.3(40112)", user: "nightly_dump", database: "contracts", pid: 22_071 };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.7",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 800,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 390,
            connections: 122,
            cpu: 36,
            iops: 640,
          }),
        ),
        CPUUtilization: atTheseHours(38, 55, 79, 36),
        DBLoad: atTheseHours(38, 55, 2.9, 1.3),
        DBLoadCPU: atTheseHours(38, 55, 2.5, 1),
        DBLoadNonCPU: usual(0.4),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          [
            logged(since, dump, "ERROR:  missing chunk number 0 for toast value 88120417 in pg_toast_24631"),
            logged(
              since,
              dump,
              "STATEMENT:  COPY public.contract_documents (id, contract_id, mime, body, created_at) TO stdout;",
            ),
            ...everySoOften({ from: since - 3, to: 12, apart: 6.1 }, web, [
              "ERROR:  missing chunk number 0 for toast value 88120417 in pg_toast_24631",
              "STATEMENT:  SELECT id, mime, body FROM contract_documents WHERE contract_id = $1",
            ]),
            logged(10, { pid: 511 }, "LOG:  checkpoint starting: time"),
            ...everySoOften({ from: 9, to: 1, apart: 3.7 }, web, [
              "ERROR:  unexpected chunk number 2 (expected 1) for toast value 88120533 in pg_toast_24631",
              "STATEMENT:  SELECT id, mime, body FROM contract_documents WHERE contract_id = $1",
            ]),
          ],
          1,
        ),
      ],
      load: loadOf(
        { CPU: 2.5, "IO:DataFileRead": 0.3 },
        [
          {
            sql: "SELECT l.* FROM invoice_lines l WHERE l.invoice_id = ANY($1)",
            waits: { CPU: 1.7, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "SELECT id, mime, body FROM contract_documents WHERE contract_id = $1",
            waits: { CPU: 0.1 },
          },
        ],
        { invoicing: 1.9, contracts_web: 0.8 },
      ),
      alarm: above("CPUUtilization", 75, [79.4, 80.2, 78.6], 33),
      way: "probe-failed",
    };
  },
});
