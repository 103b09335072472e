import { calmAurora } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, loadOf, notice, told } from "../support/outside/described.ts";

const [was, now, cluster] = ["ledger-1", "ledger-2", "ledger"];

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Aurora failed over to ledger-2 eleven minutes ago; most clients came back to ledger-1 by a remembered address, where they cannot write",
  world: (dice) => {
    const at = dice.number(11, 13);
    const like = {
      Engine: "aurora-mysql",
      EngineVersion: "8.0.mysql_aurora.3.08.0",
      DBInstanceClass: "db.r6g.xlarge",
    };
    const both = { engine: "mysql", vcpus: 4, memoryGib: 32, iops: 500 } as const;
    const writer = calmAurora({ ...both, connections: 190, cpu: 36 });
    const reader = calmAurora({ ...both, connections: 36, cpu: 12 });
    const turned = (before: number, after: number) => (back: number) => {
      if (back > at) return usual(before)(back);
      return back > at - 1.5 ? 0 : after;
    };
    const restarted = told(now, at - 1, "availability", "DB instance restarted");
    return {
      instances: [
        instanceOf(now, {
          ...like,
          DBClusterIdentifier: cluster,
          AvailabilityZone: "eu-central-1c",
          PromotionTier: 1,
        }),
        instanceOf(was, {
          ...like,
          DBClusterIdentifier: cluster,
          AvailabilityZone: "eu-central-1a",
          PromotionTier: 0,
        }),
      ],
      cluster: clusterOf(cluster, [now, was], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.0",
      }),
      metrics: {
        ...reader,
        EngineUptime: (back) => (back > at ? 41 * 86_400 - back * 60 : Math.max(0, at - 1 - back) * 60),
        DatabaseConnections: turned(36, 51),
        CPUUtilization: turned(12, 17),
        CommitThroughput: turned(0, 47),
        Queries: turned(310, 560),
        DBLoad: turned(0.5, 0.7),
        DBLoadCPU: turned(0.38, 0.52),
        DBLoadNonCPU: turned(0.12, 0.18),
        ...Object.fromEntries(Object.entries(writer).map(([name, curve]) => [`${was}/${name}`, curve])),
        [`${was}/EngineUptime`]: (back) =>
          back > at ? 88 * 86_400 - back * 60 : Math.max(0, at - 1 - back) * 60,
        [`${was}/DatabaseConnections`]: turned(190, 158),
        [`${was}/CPUUtilization`]: turned(36, 21),
        [`${was}/CommitThroughput`]: turned(210, 0),
        [`${was}/Queries`]: turned(1900, 1120),
        [`${was}/DBLoad`]: turned(1.4, 0.8),
        [`${was}/DBLoadCPU`]: turned(1.1, 0.6),
      },
      events: [
        told(cluster, at - 1.6, "failover", `Completed failover to DB instance: ${now}`, "cluster"),
        told(was, at - 1.2, "availability", "DB instance restarted"),
        restarted,
        told(was, at - 0.6, "failover", "A new writer was promoted. Restarting database as a reader."),
        told(cluster, at, "failover", `Started cross AZ failover to DB instance: ${now}`, "cluster"),
      ],
      load: loadOf(
        { CPU: 0.5, "wait/io/aurora_redo_log_flush": 0.1, "wait/io/table/sql/handler": 0.1 },
        [
          {
            sql: "INSERT INTO `postings` ( `account_id` , `amount` , `booked_at` ) VALUES (...)",
            waits: { CPU: 0.2, "wait/io/aurora_redo_log_flush": 0.1 },
          },
          {
            sql: "SELECT SUM ( `amount` ) FROM `postings` WHERE `account_id` = ?",
            waits: { CPU: 0.2, "wait/io/table/sql/handler": 0.1 },
          },
        ],
        { ledger_api: 0.6, ledger_batch: 0.1 },
      ),
      notice: notice("RDS-EVENT-0006", restarted),
      way: "probe-failed",
    };
  },
});
