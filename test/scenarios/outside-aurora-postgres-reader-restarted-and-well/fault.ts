import { calmAurora } from "../support/outside/calm.ts";
import { gapped, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, loadOf, notice, told } from "../support/outside/described.ts";

const cluster = "reviews";
const [writer, reader] = ["reviews-1", "reviews-2"];
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r7g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title: "The reader restarted fifty minutes ago, within twenty seconds; its clients are back and it is warm",
  world: (dice) => {
    const at = dice.number(47, 54);
    const restarted = told(reader, at, "availability", "DB instance restarted");
    return {
      instances: [instanceOf(reader, aurora), instanceOf(writer, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...gapped(
          {
            ...calmAurora({
              engine: "postgres",
              vcpus: 4,
              memoryGib: 32,
              connections: 142,
              cpu: 38,
              iops: 60,
            }),
            BufferCacheHitRatio: (ago) => (ago > at || ago < at - 14 ? 99.8 : 99.8 - (ago - at + 14) * 0.5),
            AuroraReplicaLag: usual(17),
          },
          at,
          at - 1,
        ),
        EngineUptime: (ago) => (ago > at ? 88 * 86_400 - (ago - at) * 60 : (at - ago) * 60),
        [`${writer}/CPUUtilization`]: usual(27),
        [`${writer}/DatabaseConnections`]: usual(96),
        [`${writer}/FreeableMemory`]: usual(7.9 * 1024 ** 3),
        [`${writer}/DBLoad`]: usual(1.1),
      },
      events: [restarted, told(reader, at + 1, "availability", "DB instance shutdown")],
      load: loadOf(
        { CPU: 1.2, "IO:DataFileRead": 0.2 },
        [
          {
            sql: "SELECT * FROM reviews WHERE product_id = ? ORDER BY helpful DESC LIMIT ?",
            waits: { CPU: 0.5 },
          },
          { sql: "SELECT avg ( stars ) FROM reviews WHERE product_id = ?", waits: { CPU: 0.3 } },
        ],
        { reviews_ro: 1.4 },
      ),
      notice: notice("RDS-EVENT-0006", restarted),
      way: "probe-failed",
    };
  },
});
