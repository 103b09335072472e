import { calmAurora } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const reader = "menu-reader";
const writer = "menu-writer";
const cluster = "menu";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A release sends the catalogue's reads to the reader: what the writer lost the reader has, and both have room",
  world: (dice) => {
    const since = dice.number(45, 51);
    const of = {
      Engine: "aurora-postgresql",
      EngineVersion: "15.6",
      DBInstanceClass: "db.r6g.xlarge",
      DBClusterIdentifier: cluster,
    };
    return {
      instances: [instanceOf(reader, of), instanceOf(writer, of)],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-postgresql", EngineVersion: "15.6" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 34, cpu: 11, iops: 190 }),
        AuroraReplicaLag: usual(18),
        AuroraReplicaLagMaximum: () => null,
        CommitThroughput: () => 0,
        CommitLatency: () => null,
        WriteLatency: () => null,
        WriteThroughput: () => 0,
        WriteIOPS: () => 0,
        CPUUtilization: steps(11, 37, since),
        DatabaseConnections: steps(34, 188, since),
        DBLoad: steps(0.5, 1.9, since),
        DBLoadCPU: steps(0.4, 1.5, since),
        DBLoadNonCPU: steps(0.1, 0.4, since),
        ReadIOPS: steps(76, 310, since),
        NetworkTransmitThroughput: steps(1.1e6, 6.2e6, since),
        [`${writer}/CPUUtilization`]: steps(58, 33, since),
        [`${writer}/DatabaseConnections`]: steps(261, 112, since),
        [`${writer}/FreeableMemory`]: usual(7.2 * 1024 ** 3),
        [`${writer}/DBLoad`]: steps(2.8, 1.4, since),
      },
      events: [],
      load: loadOf(
        { CPU: 1.5, "IO:DataFileRead": 0.3, "Client:ClientRead": 0.1 },
        [
          {
            sql: "SELECT id, name, price, allergens FROM dishes WHERE restaurant_id = ? AND active",
            waits: { CPU: 1, "IO:DataFileRead": 0.2 },
          },
          {
            sql: "SELECT opens_at, closes_at FROM opening_hours WHERE restaurant_id = ANY ( ? )",
            waits: { CPU: 0.5, "IO:DataFileRead": 0.1 },
          },
        ],
        { catalogue: 1.8, reporting: 0.1 },
      ),
      alarm: above("DatabaseConnections", 150, [186, 189, 187], since - 4),
      way: "probe-failed",
    };
  },
});
