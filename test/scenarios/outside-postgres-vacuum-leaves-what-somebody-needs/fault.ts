import { calmRds } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "parcels-prod";
const calm = withDays(
  calmRds({
    engine: "postgres",
    vcpus: 4,
    memoryGib: 32,
    freeGib: 180,
    connections: 96,
    cpu: 31,
    iops: 520,
  }),
);
const claim =
  "SELECT id, payload FROM dispatch_queue WHERE state = ? ORDER BY id FOR UPDATE SKIP LOCKED LIMIT ?";

/** As autovacuum writes it, with more dead rows each minute. */
function vacuumed(minutes: number): string {
  const held = Math.round(1_150_000 + (40 - minutes) * 29_000);
  const behind = Math.round(2_410_000 + (40 - minutes) * 61_000);
  return logged(
    minutes,
    { pid: 2000 + Math.round(minutes) },
    [
      'LOG:  automatic vacuum of table "parcels.public.dispatch_queue": index scans: 0',
      "\tpages: 0 removed, 41220 remain, 41220 scanned (100.00% of total)",
      `\ttuples: 0 removed, ${held + 380} remain, ${held} are dead but not yet removable`,
      `\tremovable cutoff: 918334021, which was ${behind} XIDs old when operation ended`,
      "\tavg read rate: 11.204 MB/s, avg write rate: 0.420 MB/s",
      "\tsystem usage: CPU: user: 3.11 s, system: 0.52 s, elapsed: 18.90 s",
    ].join("\n"),
  );
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A queue table of 400 live rows has two million dead ones that vacuum has to leave, and each claim reads past them",
  world: (dice) => {
    const since = dice.number(150, 170);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 400,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: moves(31, 97, since),
        DBLoad: moves(1.3, 13.4, since),
        DBLoadCPU: moves(1, 12.2, since),
        DBLoadNonCPU: moves(0.3, 1.2, since),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          Array.from({ length: 36 }, (_, place) => vacuumed(38 - place)),
          1.5,
        ),
      ],
      load: loadOf(
        { CPU: 12.2, "Client:ClientRead": 0.6, "IO:WALSync": 0.4 },
        [
          { sql: claim, waits: { CPU: 11.1 } },
          { sql: "UPDATE dispatch_queue SET state = ? WHERE id = ?", waits: { CPU: 0.6, "IO:WALSync": 0.3 } },
          { sql: "SELECT * FROM parcels WHERE id = ?", waits: { CPU: 0.4 } },
        ],
        { workers: 12.6, web: 0.6 },
      ),
      alarm: above("CPUUtilization", 90, [92.4, 94.1, 96.2], 20),
      way: "probe-failed",
    };
  },
});
