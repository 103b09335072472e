import { calmAurora } from "../support/outside/calm.ts";
import { gapped, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [writer, reader] = ["catalog-db-1", "catalog-db-2"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "catalog-db",
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Nothing is wrong: somebody made the reader a size larger, as announced; it restarted for that, 50 minutes ago, and has served since",
  world: (dice) => {
    const up = dice.number(47, 51);
    const down = up + 6;
    return {
      instances: [instanceOf(reader, like), instanceOf(writer, like)],
      cluster: clusterOf("catalog-db", [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.6",
      }),
      metrics: {
        ...gapped(
          {
            ...withDays(
              calmAurora({
                engine: "postgres",
                vcpus: 4,
                memoryGib: 32,
                connections: 52,
                cpu: 14,
                iops: 130,
              }),
            ),
            WriteIOPS: () => 0,
            AuroraReplicaLag: usual(16),
            EngineUptime: (at) => (at > up ? 77 * 86_400 - at * 60 : (up - at) * 60),
          },
          down,
          up,
        ),
        [`${writer}/CPUUtilization`]: usual(27),
        [`${writer}/DatabaseConnections`]: usual(118),
        [`${writer}/DBLoad`]: usual(1.1),
      },
      events: [
        told(reader, up - 1, "configuration change", "Finished applying modification to DB instance class"),
        told(reader, up, "availability", "DB instance restarted"),
        told(reader, down, "availability", "DB instance shutdown"),
        told(reader, down + 3, "configuration change", "Applying modification to database instance class"),
      ],
      load: loadOf(
        { CPU: 0.4, "IO:DataFileRead": 0.06 },
        [
          {
            sql: "SELECT * FROM products WHERE category_id = $1 ORDER BY rank LIMIT $2",
            waits: { CPU: 0.2, "IO:DataFileRead": 0.05 },
          },
          { sql: "SELECT * FROM prices WHERE product_id = ANY($1)", waits: { CPU: 0.2 } },
        ],
        { catalog_ro: 0.46 },
      ),
      changes: [
        {
          at: ago(down + 4).toISOString(),
          source: "cloudtrail",
          subject: reader,
          what: "ModifyDBInstance",
          by: "a.fischer",
          detail: "dBInstanceIdentifier=catalog-db-2, dBInstanceClass=db.r6g.xlarge, applyImmediately=true",
          error: null,
          before: { dBInstanceClass: "db.r6g.large" },
        },
      ],
      alarm: { ...below("EngineUptime", 900, [41, 102, 160], up - 3), state: "OK" },
      way: "probe-failed",
    };
  },
});
