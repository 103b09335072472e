import { calmAurora } from "../support/outside/calm.ts";
import { type Curve, steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "crm-1";
const other = "crm-2";
const gib = 1024 ** 3;
const since = 23;
const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.07.1" };
const of = { ...version, DBInstanceClass: "db.r6g.xlarge", DBClusterIdentifier: "crm" };

/** Gone at the failover, and back within three minutes, to the address that was the writer's. */
const back: Curve = (ago) => {
  if (ago > since) return usual(241)(ago);
  return ago > since - 3 ? (since - ago) * 75 : 229;
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "After the failover the pools came back to the instance that was the writer: it only reads now, and nothing commits",
  world: (dice) => ({
    instances: [instanceOf(id, of), instanceOf(other, of)],
    cluster: clusterOf("crm", [other, id], version),
    metrics: {
      ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 241, cpu: 36, iops: 520 }),
      AuroraReplicaLagMaximum: () => null,
      AuroraReplicaLag: (ago) => (ago > since ? null : 17),
      DatabaseConnections: back,
      CPUUtilization: steps(36, 21, since),
      CommitThroughput: steps(210, 0, since),
      CommitLatency: steps(2.4, 0, since),
      DMLLatency: steps(1.4, 0, since),
      WriteIOPS: steps(312, 2, since),
      WriteThroughput: steps(312 * 21_000, 4000, since),
      Queries: steps(1900, dice.number(1180, 1320), since),
      DBLoad: steps(1.4, 0.7, since),
      DBLoadCPU: steps(1.1, 0.6, since),
      DBLoadNonCPU: steps(0.3, 0.1, since),
      EngineUptime: (ago) => (ago > since ? 41 * 86_400 - ago * 60 : (since - ago) * 60),
      [`${other}/CPUUtilization`]: steps(12, 7, since),
      [`${other}/DatabaseConnections`]: steps(38, 31, since),
      [`${other}/FreeableMemory`]: usual(9.1 * gib),
      [`${other}/DBLoad`]: steps(0.6, 0.3, since),
    },
    events: [
      told("crm", since, "failover", "Completed failover to DB instance: crm-2", "cluster"),
      told(other, since, "availability", "DB instance restarted"),
      told(id, since, "availability", "DB instance restarted"),
      told("crm", since + 1, "failover", "Started cross AZ failover to DB instance: crm-2", "cluster"),
    ],
    load: loadOf(
      { cpu: 0.6, "wait/io/table/sql/handler": 0.1 },
      [
        {
          sql: "SELECT * FROM `contacts` WHERE `account_id` = ?",
          waits: { cpu: 0.3, "wait/io/table/sql/handler": 0.1 },
        },
        { sql: "SELECT `id` , `role` FROM `users` WHERE `token` = ?", waits: { cpu: 0.2 } },
      ],
      { crm_app: 0.7 },
    ),
    alarm: below("CommitThroughput", 20, [0, 0, 0], 19),
    way: "probe-failed",
  }),
});
