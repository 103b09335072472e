import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const [writer, reader] = ["insights-db-1", "insights-db-2"];
const gib = 1024 ** 3;
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.05.2",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "insights-db",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A report groups a year of page_views on the reader; its temporary tables fill the local storage, it fails with 1114, and is tried again, five times by now",
  world: (dice) => {
    const round = dice.number(15, 17);
    const fulls = [5, 4, 3, 2, 1].map((n) => n * round - 9);
    const began = 5 * round + 6;
    const saw: Curve = (at) => {
      if (at > began) return 29.4 * gib;
      const next = fulls.filter((full) => full <= at).at(0);
      const left = next === undefined ? round - ((fulls.at(-1) ?? 0) - at) : at - next;
      return Math.max(0.11 * gib, 29.4 * gib * Math.min(1, Math.max(0, left / (round - 1))));
    };
    return {
      instances: [instanceOf(reader, like), instanceOf(writer, like)],
      cluster: clusterOf("insights-db", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 41, cpu: 17, iops: 120 }),
        ),
        AuroraReplicaLag: usual(21),
        FreeLocalStorage: saw,
        CPUUtilization: steps(17, 63, began),
        DBLoad: steps(0.34, 1.6, began),
        DBLoadCPU: steps(0.26, 1.1, began),
        DBLoadNonCPU: steps(0.08, 0.5, began),
        ReadIOPS: steps(48, 1420, began),
        ReadThroughput: steps(0.9e6, 23e6, began),
        WriteIOPS: usual(0),
        [`${writer}/CPUUtilization`]: usual(28),
        [`${writer}/DatabaseConnections`]: usual(96),
        [`${writer}/FreeLocalStorage`]: usual(29.8 * gib),
        [`${writer}/DBLoad`]: usual(0.9),
      },
      events: [],
      logs: [
        mysqlErrorLog(
          fulls.map((at, index) =>
            mysqlErrorLine(
              at,
              412_077 + index * 19,
              `[ERROR] [MY-013132] [Server] The table '/rdsdbdata/tmp/#sql1c5f_649${index}d_${index}' is full! (handler.cc:4380)`,
            ),
          ),
          fulls.at(-1) ?? 0,
        ),
      ],
      load: loadOf(
        { CPU: 1.1, "wait/io/table/sql/handler": 0.3, "wait/io/file/sql/io_cache": 0.2 },
        [
          {
            sql: "SELECT `visitor_id` , DATE ( `viewed_at` ) , COUNT ( DISTINCT `url` ) FROM `page_views` WHERE `viewed_at` >= ? GROUP BY `visitor_id` , DATE ( `viewed_at` ) ORDER BY ? DESC",
            waits: { CPU: 0.8, "wait/io/table/sql/handler": 0.3, "wait/io/file/sql/io_cache": 0.2 },
          },
          { sql: "SELECT * FROM `dashboards` WHERE `owner_id` = ?", waits: { CPU: 0.2 } },
        ],
        { insights_ro: 1.4, dashboards: 0.2 },
      ),
      changes: [
        {
          at: ago(60 * 24 * 9).toISOString(),
          source: "cloudtrail",
          subject: "insights-db",
          what: "ModifyDBClusterParameterGroup",
          by: "m.ortega",
          detail:
            'dBClusterParameterGroupName=insights-db-params, parameters=[{"parameterName":"temptable_max_mmap","parameterValue":"32212254720","applyMethod":"immediate"}]',
          error: null,
        },
      ],
      alarm: below("FreeLocalStorage", 5 * gib, [4_310_000_000, 2_240_000_000, 180_000_000], fulls[1] ?? 0),
      way: "probe-failed",
    };
  },
});
