import { calmRds } from "../support/outside/calm.ts";
import { daily } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, withoutMonitor } from "../support/outside/postgres-half-look.ts";
import { nobodyWaits, ratesOf, serverUp, settingOf } from "../support/outside/postgres-half-rows.ts";

const id = "ledger-prod";
const database = "ledger";
const age = {
  kind: "database",
  multixactAge: 118_220,
  freezeMaxAge: 200_000_000,
  multixactFreezeMaxAge: 400_000_000,
  xidsLeft: 1_998_000_000,
  bytes: null,
  toastOf: null,
  closed: false,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The books of the month are closed: 74 % of 8 vCPU as at the end of each month; the responder lacks pg_monitor",
  world: (dice) => {
    const connections = dice.number(240, 260);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.r6i.2xlarge",
          MultiAZ: true,
          AllocatedStorage: 700,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 8,
          memoryGib: 64,
          freeGib: 301,
          connections,
          cpu: 74,
          iops: 3100,
        }),
        CPUUtilization: daily(74, 0.1),
        DBLoad: daily(5.6, 0.1),
        DBLoadCPU: daily(4.9, 0.1),
        DBLoadNonCPU: daily(0.7, 0.1),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 4.9, "IO:DataFileRead": 0.4, "IO:WALSync": 0.3 },
        [
          {
            sql: "INSERT INTO postings ( journal_id , account , amount ) SELECT ? , account , amount FROM drafts WHERE journal_id = ?",
            waits: { CPU: 1.1, "IO:WALSync": 0.2 },
          },
          {
            sql: "SELECT sum ( amount ) FROM postings WHERE account = ? AND period = ?",
            waits: { CPU: 1.0, "IO:DataFileRead": 0.2 },
          },
          { sql: "SELECT * FROM journals WHERE tenant_id = ? AND period = ?", waits: { CPU: 0.9 } },
          {
            sql: "UPDATE periods SET closed_at = now ( ) WHERE tenant_id = ? AND period = ?",
            waits: { CPU: 0.4 },
          },
        ],
        { ledger: 4.4, closing: 1.2 },
      ),
      alarm: above("CPUUtilization", 70, [72.4, 73.6, 73.9], 41),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.12", 74 * 86_400, 5000)],
          "postgres-locks-alone": [nobodyWaits],
          "postgres-database-rates": [ratesOf(database, connections, 2140)],
          "postgres-vacuum-wraparound": [
            { ...age, name: database, xidAge: 146_402_118, percentUsed: 6.8 },
            { ...age, name: "postgres", xidAge: 88_120_554, percentUsed: 4.1 },
          ],
          "postgres-settings": [
            settingOf("autovacuum", "on"),
            settingOf("max_connections", "5000"),
            settingOf("statement_timeout", "60000", {
              unit: "ms",
              seconds: 60,
              source: "configuration file",
            }),
            settingOf("work_mem", "16384", { unit: "kB", bytes: 2 ** 24, source: "configuration file" }),
          ],
          "postgres-database-rates-writer": [
            {
              intervalSeconds: 2.3,
              checkpointBuffersPerSecond: 210,
              backgroundBuffersPerSecond: 44,
              backendBuffersPerSecond: 9,
              allocatedBuffersPerSecond: 1460,
              maxWrittenStopsPerSecond: 0,
              walBytesPerSecond: 7.4e6,
              checkpointsTimed: 0,
              checkpointsRequested: 0,
              sinceReset: {
                statsSeconds: 6.39e6,
                checkpointsTimed: 21_290,
                checkpointsRequested: 31,
                checkpointWriteSeconds: 5_100_000,
                checkpointSyncSeconds: 412,
              },
            },
          ],
        },
        rest: withoutMonitor([]),
      }),
    };
  },
});
