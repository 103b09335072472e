import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { gapped, moves, until, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { between } from "../support/outside/recurring.ts";

const [id, former] = ["catalog-eu", "catalog-prod"];
const like = {
  Engine: "mariadb",
  EngineVersion: "10.11.10",
  DBInstanceClass: "db.r6g.xlarge",
  AllocatedStorage: 500,
  Iops: 12_000,
  StorageThroughput: 500,
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Nothing is wrong: a replica was promoted on purpose, restarted once for it, was backed up, and its own application moves in as planned; the alarm dates from when it only served reports",
  world: (dice) => {
    const asked = dice.number(88, 94);
    const calm = { engine: "mariadb", memoryGib: 32, vcpus: 4, freeGib: 244 } as const;
    const own = withDays(withoutInsights(calmRds({ ...calm, connections: 21, cpu: 14, iops: 600 })));
    const ofFormer = withDays(withoutInsights(calmRds({ ...calm, connections: 164, cpu: 36, iops: 900 })));
    return {
      instances: [
        instanceOf(id, { ...like, BackupRetentionPeriod: 7 }),
        instanceOf(former, { ...like, MultiAZ: true }),
      ],
      metrics: {
        ...gapped(
          {
            ...own,
            CPUUtilization: between(50, 22, 14, 27),
            DatabaseConnections: between(50, 22, 21, 96),
            NetworkReceiveThroughput: between(50, 22, 190_000, 860_000),
            NetworkTransmitThroughput: between(50, 22, 650_000, 3e6),
            ReadIOPS: between(50, 22, 240, 410),
            WriteIOPS: usual(360),
            FreeableMemory: moves(9 * 1024 ** 3, 8.2 * 1024 ** 3, 50),
          },
          asked - 4,
          asked - 7,
        ),
        ReplicaLag: until(asked - 2, usual(0.2)),
        ...Object.fromEntries(Object.entries(ofFormer).map(([name, curve]) => [`${former}/${name}`, curve])),
      },
      events: [
        told(id, asked - 19, "backup", "Finished DB Instance backup"),
        told(id, asked - 9, "backup", "Backing up DB instance"),
        told(
          id,
          asked - 8,
          "notification",
          "Promoted Read Replica instance to a stand-alone database instance.",
        ),
        told(id, asked - 7, "availability", "DB instance restarted"),
        told(id, asked - 4, "availability", "DB instance shutdown"),
        ...nightlyBackup(former),
      ],
      load: null,
      changes: [
        {
          at: ago(asked).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "PromoteReadReplica",
          by: "release-train",
          detail: `dBInstanceIdentifier=${id}, backupRetentionPeriod=7, preferredBackupWindow=01:10-01:40`,
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 60, [63, 66, 69], 33),
      way: "probe-failed",
    };
  },
});
