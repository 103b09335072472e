import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { byHour, type Curves, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { cutOff, halfLook } from "../support/outside/postgres-half-look.ts";
import { asStandby, group, running, serverUp } from "../support/outside/postgres-half-rows.ts";

const [cluster, id, writer] = ["insights", "insights-reports", "insights-writer"];
const member = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBName: "insights",
  DBClusterIdentifier: cluster,
};
const ofWriter = /Commit|Deadlocks|LagMaximum|VolumeBytesUsed/;
const report = {
  user: "metabase",
  application: "Metabase v0.50",
  database: "insights",
  client: "10.15.0.30",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A reader for reports reads more than its memory holds, as it has for months; somebody made a new alarm on its hit ratio",
  world: (dice) => {
    const since = dice.number(50, 70);
    const calm: Curves = Object.fromEntries(
      Object.entries(
        calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 22, cpu: 31, iops: 900 }),
      ).filter(([name]) => !ofWriter.test(name)),
    );
    const first = firstAnswers({
      version: "15.10",
      upDays: 41,
      maxConnections: 1660,
      database: "insights",
      groups: [group({ state: "active", ...report }, 2, 11), group({ state: "idle", ...report }, 19, 190)],
      sessions: [
        running(7120, 11, {
          ...report,
          waitEvent: "IO/DataFileRead",
          query:
            "SELECT date_trunc('week', at), count(*) FROM page_views WHERE site_id = $1 AND at >= $2 GROUP BY 1",
        }),
        running(7144, 4, {
          ...report,
          query: "SELECT country, count(*) FROM page_views WHERE site_id = $1 AND at >= $2 GROUP BY 1",
        }),
      ],
    });
    return {
      instances: [
        instanceOf(id, { ...member, DBInstanceClass: "db.r6g.large" }),
        instanceOf(writer, { ...member, DBInstanceClass: "db.r6g.xlarge" }),
      ],
      cluster: clusterOf(cluster, [writer, id], {
        Engine: member.Engine,
        EngineVersion: member.EngineVersion,
      }),
      metrics: {
        ...withDays(calm),
        ...calmReader(writer, 32),
        AuroraReplicaLag: () => 18,
        BufferCacheHitRatio: usual(84),
        ReadIOPS: byHour(1850),
        ReadThroughput: byHour(31e6),
        DBLoad: byHour(1.3),
        DBLoadCPU: byHour(0.6),
        DBLoadNonCPU: byHour(0.7),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { CPU: 0.6, "IO:DataFileRead": 0.6, "Client:ClientWrite": 0.1 },
        [
          {
            sql: "SELECT date_trunc(?, at), count(*) FROM page_views WHERE site_id = ? AND at >= ? GROUP BY 1",
            waits: { "IO:DataFileRead": 0.4, CPU: 0.3 },
          },
        ],
        { metabase: 1.3 },
      ),
      alarm: below("BufferCacheHitRatio", 90, [84.1, 83.6, 84.4], since),
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          ...first,
          "postgres-server": [serverUp("15.10", 41 * 86_400, 1660, asStandby)],
        },
        rest: cutOff,
      }),
    };
  },
});
