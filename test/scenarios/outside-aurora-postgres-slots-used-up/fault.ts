import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["members-a", "members-b"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.4",
  DBInstanceClass: "db.t4g.medium",
  DBClusterIdentifier: "members",
};
const full = 402;

/** Flat at what the server lets in. */
const sessions: Curve = Object.assign(
  (ago: number) => (ago > 23 ? 118 : Math.min(full, 118 + 47 * (23 - ago))),
  { rough: 0 },
);

function refused(minutes: number, port: number): string {
  const at = ago(minutes).toISOString().slice(0, 19).replace("T", " ");
  return `${at} UTC:10.20.${port % 7}.41(${port}):members_api@members:[${port - 31_000}]:FATAL:  remaining connection slots are reserved for roles with privileges of the "pg_use_reserved_connections" role`;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A release with three times as many pods takes every slot of a small writer: 402 sessions, flat, hardly any works",
  world: (dice) => {
    const port = dice.number(41_000, 47_000);
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("members", ids, { Engine: "aurora-postgresql", EngineVersion: "16.4" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 4, connections: 118, cpu: 23, iops: 120 }),
        DatabaseConnections: sessions,
        FreeableMemory: steps(0.88 * 1024 ** 3, 0.47 * 1024 ** 3, 20),
        CPUUtilization: steps(23, 19, 18),
        CommitThroughput: steps(64, 41, 18),
        DBLoad: steps(0.5, 0.4, 18),
        DBLoadCPU: steps(0.4, 0.3, 18),
        DBLoadNonCPU: steps(0.1, 0.1, 18),
        CPUCreditBalance: () => 576,
        ...calmReader(ids[1], 4),
      },
      events: [],
      logs: [
        {
          file: "error/postgresql.log",
          kind: "error",
          lastWrittenAt: ago(1).toISOString(),
          truncated: true,
          text: Array.from({ length: 40 }, (_, index) => refused(8 - index * 0.17, port + index * 13)).join(
            "\n",
          ),
        },
      ],
      load: loadOf(
        { CPU: 0.3, "IO:XactSync": 0.1 },
        [{ sql: "SELECT m.* FROM members m WHERE m.email = $1", waits: { CPU: 0.2 } }],
        { members_api: 0.4 },
      ),
      alarm: above("DatabaseConnections", 360, [371, 402, 402], 15, "Maximum"),
      way: "probe-failed",
    };
  },
});
