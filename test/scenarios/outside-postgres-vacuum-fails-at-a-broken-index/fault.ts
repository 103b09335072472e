import { calmRds } from "../support/outside/calm.ts";
import { steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const id = "cadastre-prod";
const broken = 'ERROR:  index "parcels_status_updated_idx" contains unexpected zero page at block 48213';
const asked =
  "SELECT id, parcel_no, status FROM parcels WHERE status = $1 AND updated_at > $2 ORDER BY updated_at LIMIT 200";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A page of parcels_status_updated_idx is zeroed: each autovacuum of parcels reads the table, fails at that page and begins anew, and questions that meet the page fail too; the index wants REINDEX",
  world: (dice) => {
    const since = dice.number(150, 160);
    const vacuums = Array.from({ length: 19 }, (_, index) => {
      const at = since - 4 - index * 8;
      const pid = 7100 + index * 41;
      return [
        logged(at, { pid }, broken),
        logged(at, { pid }, "HINT:  Please REINDEX it."),
        logged(
          at,
          { pid },
          'CONTEXT:  while vacuuming index "parcels_status_updated_idx" of relation "public.parcels"',
        ),
        '\tautomatic vacuum of table "cadastre.public.parcels"',
      ];
    }).flat();
    const questions = everySoOften(
      { from: since - 9, to: 2, apart: 6.5 },
      { host: "10.12.3.40", user: "parcel_api", database: "cadastre" },
      [broken, "HINT:  Please REINDEX it.", `STATEMENT:  ${asked}`],
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 900,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 32,
            freeGib: 402,
            connections: 96,
            cpu: 27,
            iops: 800,
          }),
        ),
        CPUUtilization: steps(27, 39, since),
        ReadIOPS: turns(usual(320), since, 3650),
        ReadThroughput: turns(usual(5.8e6), since, 101e6),
        DiskQueueDepth: turns(usual(1), since, 3.1),
        DBLoad: steps(1.1, 2.2, since),
        DBLoadNonCPU: steps(0.3, 1.2, since),
      },
      events: [
        told(
          id,
          1120,
          "notification",
          "A minor version upgrade is available for your DB instance engine version 15.10.",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 1.0, "IO:DataFileRead": 1.0, "Timeout:VacuumDelay": 0.2 },
        [
          {
            sql: "autovacuum: VACUUM public.parcels",
            waits: { "IO:DataFileRead": 0.8, CPU: 0.2, "Timeout:VacuumDelay": 0.2 },
          },
          { sql: asked, waits: { CPU: 0.2, "IO:DataFileRead": 0.1 } },
          { sql: "SELECT geom FROM parcel_shapes WHERE parcel_id = $1", waits: { CPU: 0.3 } },
        ],
        { parcel_api: 0.9, rdsadmin: 1.2 },
      ),
      logs: [
        errorLog(
          [
            logged(since + 14, { pid: 402 }, "LOG:  checkpoint starting: time"),
            ...inOrder(vacuums, questions),
            logged(
              3,
              {
                pid: 9921,
                host: "10.12.3.44(50912)",
                user: "parcel_sync",
                database: "cadastre",
              },
              'ERROR:  duplicate key value violates unique constraint "owners_tax_no_key"',
            ),
          ],
          2,
        ),
      ],
      alarm: above("ReadIOPS", 3000, [3610.2, 3722.8, 3590.4], since - 6),
      way: "probe-failed",
    };
  },
});

/** Both go on at the same time; a line that begins with a tab belongs to the one before it. */
function inOrder(one: readonly string[], other: readonly string[]): string[] {
  const entries = [...one, ...other].reduce<string[][]>((all, line) => {
    const last = all.at(-1);
    if (line.startsWith("\t") && last !== undefined) last.push(line);
    else all.push([line]);
    return all;
  }, []);
  return entries.toSorted(([a = ""], [b = ""]) => a.slice(0, 19).localeCompare(b.slice(0, 19))).flat();
}
