import { calmAurora } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const [writer, reader] = ["crm-aurora-1", "crm-aurora-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "crm-aurora",
};

export const scenario = defineOutside({
  engine: "postgres",
  title: "A search while one types asks a reader for all contacts at each letter: its four vCPUs are full",
  world: (dice) => {
    const search = dice.number(98, 116) / 10;
    // What a writer alone publishes is not here.
    const {
      CommitLatency: _latency,
      CommitThroughput: _throughput,
      AuroraReplicaLagMaximum: _lag,
      ...ofReader
    } = calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 58, cpu: 23, iops: 60 });
    return {
      instances: [instanceOf(reader, of), instanceOf(writer, of)],
      cluster: clusterOf("crm-aurora", [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "15.10",
      }),
      maintenance: [
        {
          resource: reader,
          action: "system-update",
          description: "New Operating System update is available",
          optIn: null,
          autoAppliedAfter: null,
          forcedAt: null,
          appliesAt: null,
        },
      ],
      metrics: {
        ...ofReader,
        AuroraReplicaLag: usual(21),
        CPUUtilization: steps(23, 98, 41),
        DatabaseConnections: steps(58, 97, 40),
        WriteIOPS: () => 0,
        WriteThroughput: () => 0,
        DBLoad: steps(1.2, search + 2.6, 41),
        DBLoadCPU: steps(0.9, search + 1.7, 41),
        DBLoadNonCPU: steps(0.3, 0.9, 41),
        NetworkReceiveThroughput: steps(0.5e6, 0.8e6, 41),
        [`${writer}/CPUUtilization`]: usual(33),
        [`${writer}/DatabaseConnections`]: usual(121),
        [`${writer}/FreeableMemory`]: usual(7.1 * 1024 ** 3),
        [`${writer}/DBLoad`]: usual(1.6),
      },
      events: [],
      load: loadOf(
        { CPU: search + 1.7, "IO:DataFileRead": 0.7, "Client:ClientRead": 0.2 },
        [
          {
            sql: "SELECT c.id, c.full_name, c.company_name FROM contacts c WHERE c.workspace_id = ? AND c.full_name ILIKE ? ORDER BY c.last_seen_at DESC LIMIT ?",
            waits: { CPU: search },
          },
          {
            sql: "SELECT date_trunc ( ? , closed_at ) , sum ( amount ) FROM deals WHERE workspace_id = ? GROUP BY ?",
            waits: { "IO:DataFileRead": 0.7, CPU: 0.5 },
          },
          {
            sql: "SELECT a.* FROM activities a WHERE a.contact_id = ? ORDER BY a.at DESC LIMIT ?",
            waits: { CPU: 0.8 },
          },
        ],
        { crm_web: search + 1.4, metabase: 1.2 },
      ),
      alarm: above("CPUUtilization", 90, [97.9, 98.2, 97.6], 33),
      way: "probe-failed",
    };
  },
});
