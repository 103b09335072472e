import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { byHour, type Curve } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { halfLook, outOfTime, withoutMonitor } from "../support/outside/postgres-half-look.ts";
import { nobodyWaits, ratesOf, serverUp, settingOf } from "../support/outside/postgres-half-rows.ts";

const cluster = "newsroom";
const [writer, reader] = ["newsroom-one", "newsroom-two"];
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A push message brought readers for a quarter of an hour, and they are gone; the responder's account was made without pg_monitor",
  world: (dice) => {
    const from = dice.number(49, 54);
    const to = from - 17;
    const surge =
      (value: number, times: number): Curve =>
      (ago) =>
        (byHour(value)(ago) ?? 0) * (ago <= from && ago >= to ? times : 1);
    const connections = 171;
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections, cpu: 36, iops: 70 }),
        CPUUtilization: surge(36, 2.44),
        DatabaseConnections: surge(connections, 1.36),
        CommitThroughput: surge(190, 2.1),
        ReadIOPS: surge(28, 1.6),
        NetworkTransmitThroughput: surge(5.3e6, 2.3),
        DBLoad: surge(1.5, 3.4),
        DBLoadCPU: surge(1.15, 3.2),
        DBLoadNonCPU: surge(0.35, 4.1),
        ...calmReader(reader, 32),
      },
      events: [],
      load: loadOf(
        { CPU: 1.15, "IO:XactSync": 0.2, "IO:DataFileRead": 0.1 },
        [
          {
            sql: "SELECT a.* FROM articles a WHERE a.slug = $1",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.1 },
          },
          {
            sql: "INSERT INTO page_views (article_id, seen_at) VALUES ($1, $2)",
            waits: { CPU: 0.2, "IO:XactSync": 0.2 },
          },
          { sql: "SELECT t.name FROM tags t WHERE t.article_id = $1", waits: { CPU: 0.2 } },
        ],
        { site: 1.4, editors: 0.1 },
      ),
      alarm: { ...above("CPUUtilization", 80, [86.9, 88.2, 87.7], from - 5), state: "OK" },
      way: "probe-failed",
      inPart: halfLook({
        answers: {
          "postgres-server": [serverUp("16.6", 41 * 86_400, 3420)],
          "postgres-locks-alone": [nobodyWaits],
          "postgres-database-rates": [ratesOf("newsroom", connections, 190)],
          "postgres-settings": [
            settingOf("max_connections", "3420"),
            settingOf("statement_timeout", "30000", {
              unit: "ms",
              seconds: 30,
              source: "configuration file",
            }),
          ],
        },
        rest: withoutMonitor(outOfTime),
      }),
    };
  },
});
