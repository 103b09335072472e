import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { daily, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";
import { errorLog } from "../support/outside/postgres-log.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const cluster = "parceltrack";
const [writer, reader] = ["parceltrack-1", "parceltrack-2"];
const database = "parceltrack";
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "14.15",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};
const ingest = { application: "scan-ingest", user: "ingest", client: "10.12.40.7", database };
const portal = { application: "portal", user: "portal", client: "10.12.41.3", database };

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A serial key has given its last number: every scan of a parcel fails and is sent again; the look is cut off after its first answers",
  world: (dice) => {
    const since = dice.number(21, 26);
    const log = errorLog(
      everySoOften({ from: 1.35, to: 1.05, apart: 0.006 }, { host: "10.12.40.7", user: "ingest", database }, [
        'ERROR:  nextval: reached maximum value of sequence "scan_events_id_seq" (2147483647)',
        "STATEMENT:  INSERT INTO scan_events (parcel_id, station, scanned_at) VALUES ($1, $2, $3) RETURNING id",
      ]),
      1,
    );
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 108, cpu: 34, iops: 90 }),
        ),
        CommitThroughput: turns(daily(232, 0.3), since, 57),
        WriteIOPS: turns(daily(54, 0.3), since, 19),
        WriteThroughput: turns(daily(1.13e6, 0.3), since, 0.4e6),
        CPUUtilization: turns(daily(34, 0.25), since, 29),
        DBLoad: turns(daily(1.36, 0.2), since, 1.1),
        DBLoadCPU: turns(daily(1.05, 0.2), since, 1.0),
        DBLoadNonCPU: turns(daily(0.31, 0.2), since, 0.1),
        ...calmReader(reader, 32),
      },
      events: [told(writer, 60 * 29, "notification", "A new minor version is available.")],
      load: loadOf(
        { CPU: 1.0, "IO:XactSync": 0.07, "IO:DataFileRead": 0.02 },
        [
          {
            sql: "INSERT INTO scan_events (parcel_id, station, scanned_at) VALUES ($1, $2, $3) RETURNING id",
            waits: { CPU: 0.4 },
          },
          {
            sql: "SELECT p.* FROM parcels p WHERE p.code = $1",
            waits: { CPU: 0.3, "IO:DataFileRead": 0.02 },
          },
          {
            sql: "UPDATE parcels SET state = $1 WHERE id = $2",
            waits: { CPU: 0.1, "IO:XactSync": 0.06 },
          },
        ],
        { ingest: 0.6, portal: 0.5 },
      ),
      logs: [{ ...log, truncated: true }],
      alarm: below("CommitThroughput", 100, [61.3, 55.9, 58.2], since - 4),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "14.15",
          upDays: 93,
          maxConnections: 3420,
          database,
          groups: [
            group({ state: "idle", ...ingest }, 58, 3.1),
            group({ state: "active", ...ingest }, 1, 0.004),
            group({ state: "idle", ...portal }, 48, 61),
            group({ state: "active", ...portal }, 1, 0.01),
          ],
          sessions: [
            running(16_211, 0.004, {
              ...ingest,
              query:
                "INSERT INTO scan_events (parcel_id, station, scanned_at) VALUES ($1, $2, $3) RETURNING id",
            }),
            running(16_404, 0.01, { ...portal, query: "SELECT p.* FROM parcels p WHERE p.code = $1" }),
          ],
        }),
        rest: cutOff,
      }),
    };
  },
});
