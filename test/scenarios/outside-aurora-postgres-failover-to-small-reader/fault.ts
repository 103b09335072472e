import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, during, even, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const cluster = "loyalty";
const writer = "loyalty-bi";
const former = "loyalty-main";
const gib = 1024 ** 3;

const shared = { Engine: "aurora-postgresql", EngineVersion: "15.10", DBClusterIdentifier: cluster } as const;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A failover went to the small reader that was meant for reports: the whole load is on a quarter of the vCPUs",
  world: (dice) => {
    const since = dice.number(16, 22);
    const load = dice.number(17, 21);
    const sinceUp: Curve = (ago) => (ago > since ? 41 * 86_400 - ago * 60 : (since - ago) * 60);
    return {
      instances: [
        instanceOf(writer, { ...shared, DBInstanceClass: "db.r6g.large", PromotionTier: 1 }),
        instanceOf(former, { ...shared, DBInstanceClass: "db.r6g.2xlarge", PromotionTier: 1 }),
      ],
      cluster: clusterOf(cluster, [writer, former], { Engine: shared.Engine, EngineVersion: "15.10" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 12, cpu: 9, iops: 200 }),
        CPUUtilization: even((ago) => (ago > since ? usual(9)(ago) : 99.4)),
        DatabaseConnections: steps(12, 236, since),
        DBLoad: steps(0.2, load, since),
        DBLoadCPU: steps(0.2, load * 0.93, since),
        DBLoadNonCPU: steps(0.05, load * 0.07, since),
        FreeableMemory: steps(5.2 * gib, 2.9 * gib, since),
        CommitLatency: steps(2.1, 31, since),
        CommitThroughput: steps(0, 190, since),
        EngineUptime: sinceUp,
        [`${former}/CPUUtilization`]: (ago) => (ago > since ? usual(46)(ago) : 4),
        [`${former}/DatabaseConnections`]: steps(238, 9, since),
        [`${former}/FreeableMemory`]: steps(14 * gib, 31 * gib, since),
        [`${former}/DBLoad`]: steps(3.9, 0.1, since),
        [`${former}/AuroraReplicaLag`]: during(since, 0, 22, 0),
      },
      events: [
        told(cluster, since - 1, "failover", `Completed failover to DB instance: ${writer}`, "cluster"),
        told(former, since - 1, "availability", "DB instance restarted"),
        told(writer, since - 1, "availability", "DB instance restarted"),
        told(former, since, "availability", "DB instance shutdown"),
        told(cluster, since, "failover", `Started cross AZ failover to DB instance: ${writer}`, "cluster"),
      ],
      load: loadOf(
        { CPU: load * 0.93, "IO:XactSync": load * 0.03, "LWLock:BufferContent": load * 0.02 },
        [
          { sql: "SELECT points, tier FROM members WHERE id = $1", waits: { CPU: load * 0.24 } },
          {
            sql: "SELECT * FROM vouchers WHERE member_id = $1 AND used_at IS NULL",
            waits: { CPU: load * 0.21 },
          },
          {
            sql: "INSERT INTO point_moves (member_id, points, why) VALUES ($1, $2, $3)",
            waits: { CPU: load * 0.16, "IO:XactSync": load * 0.03 },
          },
          { sql: "UPDATE members SET points = points + $1 WHERE id = $2", waits: { CPU: load * 0.15 } },
          {
            sql: "SELECT id, title FROM offers WHERE shop_id = $1 AND valid_to > now()",
            waits: { CPU: load * 0.11 },
          },
        ],
        { loyalty_app: load * 0.95, bi: load * 0.03 },
      ),
      alarm: above("CPUUtilization", 85, [99.1, 99.5, 99.3], since - 6),
      way: "probe-failed",
    };
  },
});
