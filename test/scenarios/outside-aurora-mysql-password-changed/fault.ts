import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, told } from "../support/outside/described.ts";

const cluster = "loans";
const [writer, reader] = ["loans-1", "loans-2"];
const aurora = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};

const calm = calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 190, cpu: 34, iops: 120 });

export const scenario = defineOutside({
  engine: "mysql",
  title: "The password was changed; each connection that the pools renew is refused, and the work fades away",
  world: (dice) => {
    const minutes = dice.number(22, 28);
    const failures = dice.number(31, 47);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...calm,
        ...calmReader(reader, 32),
        DatabaseConnections: moves(190, 9, minutes),
        LoginFailures: moves(0, failures, minutes),
        AbortedClients: steps(1, 2, minutes),
        Queries: moves(1900, 120, minutes),
        CommitThroughput: moves(210, 11, minutes),
        CPUUtilization: moves(34, 9, minutes),
        DBLoad: moves(1.36, 0.1, minutes),
        DBLoadCPU: moves(1.05, 0.08, minutes),
        DBLoadNonCPU: moves(0.31, 0.02, minutes),
      },
      events: [told(writer, minutes + 1, "configuration change", "Reset master credentials")],
      changes: [
        {
          at: ago(minutes + 2).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "ModifyDBCluster",
          by: "ops-rotation",
          detail: "masterUserPassword",
          error: null,
        },
      ],
      load: [],
      alarm: below("DatabaseConnections", 40, [33, 26, 21], 3),
      way: "probe-failed",
    };
  },
});
