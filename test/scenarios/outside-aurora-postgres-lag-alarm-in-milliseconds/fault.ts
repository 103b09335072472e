import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["journal-1", "journal-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r7g.large",
  DBClusterIdentifier: "journal",
};

export const scenario = defineOutside({
  engine: "postgres",
  title: "A reader is 30 ms behind, as every day; who set the alarm at 20 meant seconds",
  world: (dice) => {
    const mean = dice.number(28, 31);
    const lag: Curve = Object.assign((ago: number) => usual(mean)(ago), { rough: 0.25 });
    const calm = { engine: "postgres", vcpus: 2, memoryGib: 16, cpu: 31, iops: 260 } as const;
    return {
      instances: [instanceOf(ids[1], of), instanceOf(ids[0], of)],
      cluster: clusterOf("journal", ids, { Engine: "aurora-postgresql", EngineVersion: "15.8" }),
      metrics: {
        ...calmAurora({ ...calm, connections: 57 }),
        AuroraReplicaLag: lag,
        AuroraReplicaLagMaximum: () => null,
        CommitThroughput: () => 0,
        CommitLatency: () => 0,
        WriteIOPS: usual(1.4),
        WriteThroughput: usual(22_000),
        [`${ids[0]}/CPUUtilization`]: usual(36),
        [`${ids[0]}/DatabaseConnections`]: usual(84),
        [`${ids[0]}/FreeableMemory`]: usual(4.1 * 1024 ** 3),
        [`${ids[0]}/DBLoad`]: usual(0.9),
      },
      events: [],
      load: loadOf(
        { CPU: 0.5, "IO:DataFileRead": 0.1 },
        [
          { sql: "SELECT a.id, a.title FROM articles a WHERE a.issue_id = $1", waits: { CPU: 0.3 } },
          {
            sql: "SELECT count ( * ) FROM comments WHERE article_id = $1",
            waits: { CPU: 0.1, "IO:DataFileRead": 0.1 },
          },
        ],
        { site: 0.6 },
      ),
      alarm: above("AuroraReplicaLag", 20, [31.2, 27.9, 33.4], 44),
      way: "probe-failed",
    };
  },
});
