import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, told } from "../support/outside/described.ts";

const cluster = "search";
const [writer, reader] = ["search-1", "search-2"];
const scaled = "application-autoscaling-3c0b7d2e-5f61-4a0e-9d53-cf1f3e21a8b4";
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.8",
  DBInstanceClass: "db.r7g.large",
  DBClusterIdentifier: cluster,
};

const calm = calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 88, cpu: 24, iops: 90 });

export const scenario = defineOutside({
  engine: "postgres",
  title: "Auto scaling takes away the reader that it added for the rush of the morning",
  world: (dice) => {
    const minutes = dice.number(3, 6);
    const added = dice.number(140, 190);
    return {
      instances: [
        instanceOf(writer, aurora),
        instanceOf(reader, aurora),
        instanceOf(scaled, { ...aurora, DBInstanceStatus: "deleting" }),
      ],
      cluster: clusterOf(cluster, [writer, reader, scaled], aurora),
      metrics: {
        ...calm,
        ...calmReader(reader, 16),
        // The clients of the reader that goes come here.
        [`${reader}/DatabaseConnections`]: moves(34, 61, minutes),
        [`${scaled}/CPUUtilization`]: (ago) => (ago > added || ago < minutes ? null : 8),
        [`${scaled}/DatabaseConnections`]: (ago) => (ago > added || ago < minutes ? null : 27),
        [`${scaled}/AuroraReplicaLag`]: (ago) => (ago > added || ago < minutes ? null : 17),
      },
      events: [
        told(scaled, added, "creation", "DB instance created"),
        told(cluster, minutes, "notification", `Removing reader ${scaled}`, "cluster"),
      ],
      load: [],
      way: "probe-failed",
    };
  },
});
