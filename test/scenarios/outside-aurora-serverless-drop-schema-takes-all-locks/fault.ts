import { calmAurora } from "../support/outside/calm.ts";
import { type Curves, steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, type LogClient, logged } from "../support/outside/postgres-log.ts";

const [cluster, id] = ["workspaces", "workspaces-a"];
const engine = { Engine: "aurora-postgresql", EngineVersion: "16.6" };
const api = { host: "10.6.1.40(41822)", user: "workspace_api", database: "workspaces" };
const job = { host: "10.6.9.3(38110)", user: "tenant_cleanup", database: "workspaces" };
const questions = [
  "SELECT d.id, d.title FROM documents d WHERE d.workspace_id = $1 ORDER BY d.updated_at DESC LIMIT 50",
  "INSERT INTO audit_events (workspace_id, actor, what) VALUES ($1, $2, $3)",
  "UPDATE members SET last_seen_at = now() WHERE id = $1",
  "SELECT m.id, m.role FROM members m WHERE m.workspace_id = $1",
];

function refused(minutes: number, who: LogClient, statement: string): string[] {
  return [
    "ERROR:  out of shared memory",
    "HINT:  You might need to increase max_locks_per_transaction.",
    `STATEMENT:  ${statement}`,
  ].map((line) => logged(minutes, who, line));
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A cleaning job drops a tenant's schema of daily partitions in one transaction, again and again: it takes the whole lock table, and everybody beside it fails",
  world: (dice) => {
    const since = dice.number(31, 36);
    const calm = calmAurora({
      engine: "postgres",
      vcpus: 2,
      memoryGib: 8,
      connections: 84,
      cpu: 24,
      iops: 410,
    });
    const published: Curves = Object.fromEntries(
      Object.entries(calm).filter(([name]) => !name.startsWith("DBLoad") && name !== "FreeLocalStorage"),
    );
    const tries = Array.from({ length: Math.floor((since - 1) / 2) }, (_, index) => since - index * 2);
    return {
      instances: [
        instanceOf(id, {
          ...engine,
          DBInstanceClass: "db.serverless",
          DBName: "workspaces",
          DBClusterIdentifier: cluster,
          PerformanceInsightsEnabled: false,
        }),
      ],
      cluster: clusterOf(cluster, [id], {
        ...engine,
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 4 },
      }),
      metrics: {
        ...withDays(published),
        CPUUtilization: steps(24, 33, since),
        ServerlessDatabaseCapacity: steps(1.9, 2.7, since),
        ACUUtilization: steps(47.5, 67.5, since),
        CommitThroughput: usual(190),
      },
      events: nightlyBackup(id),
      logs: [
        errorLog(
          tries.flatMap((at, index) => [
            ...Array.from({ length: 18 }, (_, nth) => nth).flatMap((nth) =>
              refused(
                at - nth * 0.013,
                { ...api, pid: 7300 + ((index * 5 + nth * 3) % 41) },
                questions[(index + nth) % questions.length] ?? "",
              ),
            ),
            ...refused(at - 0.25, { ...job, pid: 9100 + index }, "DROP SCHEMA IF EXISTS tenant_0417 CASCADE"),
          ]),
          1,
        ),
      ],
      load: null,
      alarm: above("ACUUtilization", 60, [66.8, 68.1, 67.2], since - 5),
      way: "probe-failed",
    };
  },
});
