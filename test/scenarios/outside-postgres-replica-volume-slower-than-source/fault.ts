import { calmRds } from "../support/outside/calm.ts";
import { even, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import {
  asStandby,
  group,
  nobodyWaits,
  ownGroup,
  running,
  serverUp,
} from "../support/outside/postgres-half-rows.ts";

const id = "telematics-read";
const source = "telematics-main";
const database = "telematics";
const gib = 1024 ** 3;
const of = {
  Engine: "postgres",
  EngineVersion: "15.12",
  DBInstanceClass: "db.r6g.xlarge",
  AllocatedStorage: 380,
};
const bi = { application: "Metabase", user: "bi", client: "10.8.4.20", database };
const report =
  "SELECT date_trunc(?, t.at), v.fleet, sum(t.metres) FROM trips t JOIN vehicles v ON v.id = t.vehicle_id WHERE t.at > ? GROUP BY ?, ?";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The source writes to io2 with 9000 IOPS, its replica replays to gp3 with 3000; only the replica answers, and not everything",
  world: (dice) => {
    // It replays two fifths of what comes: of each minute, 36 seconds stay behind.
    const since = dice.number(38, 43);
    const behind = (ago: number) => (ago > since ? 1 : 1 + (since - ago) * 36);
    return {
      instances: [
        instanceOf(id, { ...of, ReadReplicaSourceDBInstanceIdentifier: source, BackupRetentionPeriod: 0 }),
        instanceOf(source, {
          ...of,
          MultiAZ: true,
          StorageType: "io2",
          Iops: 9000,
          ReadReplicaDBInstanceIdentifiers: [id],
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 32,
          freeGib: 148,
          connections: 41,
          cpu: 22,
          iops: 900,
        }),
        ReplicaLag: Object.assign(behind, { rough: 0.004 }),
        // What was received and not replayed lies on the volume: 24 MB a second come, 14.4 of them stay.
        FreeStorageSpace: (ago) => 148 * gib - (ago > since ? 0 : (since - ago) * 60 * 14.4e6),
        ReadIOPS: even(steps(360, 2060, since)),
        WriteIOPS: even(steps(540, 930, since)),
        ReadThroughput: steps(6.5e6, 2060 * 8192, since),
        WriteThroughput: steps(9e6, 41e6, since),
        ReadLatency: steps(0.0008, 0.0049, since),
        WriteLatency: steps(0.0012, 0.0041, since),
        DiskQueueDepth: steps(1.1, 13.9, since),
        DBLoad: steps(1.0, 3.1, since),
        DBLoadCPU: steps(0.7, 0.6, since),
        DBLoadNonCPU: steps(0.3, 2.5, since),
        [`${source}/CPUUtilization`]: steps(31, 58, since),
        [`${source}/DatabaseConnections`]: usual(160),
        [`${source}/FreeableMemory`]: usual(8.4 * gib),
        [`${source}/WriteIOPS`]: steps(1100, 4700, since),
        [`${source}/ReadIOPS`]: steps(700, 1300, since),
        [`${source}/WriteThroughput`]: steps(19e6, 88e6, since),
        [`${source}/WriteLatency`]: usual(0.0009),
        [`${source}/DiskQueueDepth`]: steps(1.4, 5.1, since),
      },
      events: nightlyBackup(source),
      load: loadOf(
        { "IO:DataFileRead": 2.5, CPU: 0.6 },
        [
          { sql: report.replaceAll("?", "$1"), waits: { "IO:DataFileRead": 0.9, CPU: 0.1 } },
          {
            sql: "SELECT * FROM positions WHERE vehicle_id = ? ORDER BY at DESC LIMIT ?",
            waits: { "IO:DataFileRead": 0.8, CPU: 0.2 },
          },
          {
            sql: "SELECT * FROM alerts WHERE fleet = ? AND closed_at IS NULL",
            waits: { "IO:DataFileRead": 0.5, CPU: 0.1 },
          },
        ],
        { bi: 1.1, app_read: 2.0 },
      ),
      alarm: above("ReplicaLag", 600, [612, 649, 685], since - 18),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("15.12", 12 * 86_400, 3420, asStandby)],
          "postgres-blocking": [nobodyWaits],
          "postgres-connections": [
            group(
              {
                state: "idle",
                application: "telematics-api",
                user: "app_read",
                client: "10.8.1.9",
                database,
              },
              37,
              41,
            ),
            group(
              {
                state: "active",
                application: "telematics-api",
                user: "app_read",
                client: "10.8.1.9",
                database,
              },
              2,
              0.4,
            ),
            group({ state: "active", ...bi }, 1, 780),
            ownGroup(database),
          ],
          "postgres-sessions": [
            running(18_114, 780, { ...bi, waitEvent: "IO/DataFileRead", query: report }),
            running(17_402, 0.4, {
              application: "telematics-api",
              user: "app_read",
              client: "10.8.1.9",
              database,
              waitEvent: "IO/DataFileRead",
              query: "SELECT * FROM positions WHERE vehicle_id = ? ORDER BY at DESC LIMIT ?",
            }),
          ],
          "postgres-oldest-xmin": [],
          "postgres-replication-receiver": [
            {
              status: "streaming",
              receiving: true,
              primaryHost: "10.8.0.31",
              slot: "rds_eu_central_1_db_telematicsread",
              replayLagBytes: since * 60 * 14.4e6,
              receiveLagBytes: 131_072,
              lagSeconds: since * 36,
              lastReplayedTransactionSeconds: since * 36,
              replayedBytes: 9.7e6,
              lastMessageSeconds: 0.02,
              replayPaused: false,
              hotStandbyFeedback: true,
              conflictsSinceReset: { lock: 0, snapshot: 2, bufferPin: 0, deadlock: 0, tablespace: 0 },
              conflictsNow: { lock: 0, snapshot: 0, bufferPin: 0, deadlock: 0, tablespace: 0 },
            },
          ],
        },
        rest: outOfTime,
      }),
    };
  },
});
