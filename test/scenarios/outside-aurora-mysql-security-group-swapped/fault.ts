import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [writer, reader] = ["loyalty-1", "loyalty-2"];
const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.10.0" };
const VpcSecurityGroups = [{ VpcSecurityGroupId: "sg-0c51e8a97d2b40f16", Status: "active" }];
const member = {
  ...version,
  DBClusterIdentifier: "loyalty",
  DBInstanceClass: "db.r6g.large",
  VpcSecurityGroups,
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Terraform gave the cluster another security group, which lets nobody in; connections that end are not made again, and the server is well",
  world: (dice) => {
    const since = dice.number(22, 26);
    return {
      instances: [instanceOf(writer, member), instanceOf(reader, member)],
      cluster: clusterOf("loyalty", [writer, reader], { ...version, VpcSecurityGroups }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 162, cpu: 29, iops: 320 }),
        ),
        ...calmReader(reader, 16),
        [`${reader}/DatabaseConnections`]: moves(34, 3, since),
        DatabaseConnections: moves(162, 11, since),
        CPUUtilization: moves(29, 6, since),
        Queries: moves(1900, 110, since),
        CommitThroughput: moves(210, 12, since),
        NetworkReceiveThroughput: moves(1.4e6, 0.1e6, since),
        NetworkTransmitThroughput: moves(5e6, 0.3e6, since),
        DBLoad: moves(0.6, 0.06, since),
        DBLoadCPU: moves(0.45, 0.05, since),
        DBLoadNonCPU: moves(0.15, 0.01, since),
      },
      events: [told("loyalty", 655, "backup", "Automated backup of DB cluster finished", "cluster")],
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: "loyalty",
          what: "ModifyDBCluster",
          by: "terraform-network",
          detail:
            'dBClusterIdentifier=loyalty, vpcSecurityGroupIds=["sg-0c51e8a97d2b40f16"], applyImmediately=true',
          error: null,
        },
        {
          at: ago(60 * 19).toISOString(),
          source: "cloudtrail",
          subject: "loyalty",
          what: "CreateDBClusterSnapshot",
          by: "backup-cron",
          detail: "dBClusterIdentifier=loyalty, dBClusterSnapshotIdentifier=loyalty-daily",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.1 },
        [{ sql: "SELECT `points` FROM `members` WHERE `id` = ?", waits: { CPU: 0.08 } }],
        { loyalty_api: 0.1 },
      ),
      alarm: below("DatabaseConnections", 60, [57, 51, 46], 8),
      way: "dropped",
    };
  },
});
