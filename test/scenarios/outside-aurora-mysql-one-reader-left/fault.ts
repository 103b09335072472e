import { calmAurora } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const reader = "listing-ro-1";
const writer = "listing-w";
const gone = "application-autoscaling-7e1c0f5a-93d2-4c1b-8a7e-0f52d6b3a9c4";
const removed = 47;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "listing",
};

/** Every statement of the site has as much of the load as ever. */
const statements = [
  [
    "SELECT * FROM `listings` WHERE `category_id` = ? AND `state` = ? ORDER BY `published_at` DESC LIMIT ?",
    3.9,
  ],
  [
    "SELECT `l` . * , `s` . `name` FROM `listings` `l` JOIN `sellers` `s` ON `s` . `id` = `l` . `seller_id` WHERE `l` . `id` = ?",
    3.4,
  ],
  ["SELECT `url` , `position` FROM `photos` WHERE `listing_id` = ? ORDER BY `position`", 3.1],
  ["SELECT COUNT(*) FROM `favourites` WHERE `listing_id` = ?", 2.4],
] as const;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Autoscaling has removed the second of two readers; the first has all of the site's reads, twice what it had",
  world: (dice) => {
    const cpu = dice.number(96, 98);
    return {
      instances: [instanceOf(reader, of), instanceOf(writer, of)],
      cluster: clusterOf("listing", [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: of.EngineVersion,
        DBClusterParameterGroup: "listing-params",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 210, cpu: 49, iops: 500 }),
        ),
        CommitThroughput: () => null,
        CommitLatency: () => null,
        AuroraReplicaLagMaximum: () => null,
        AuroraReplicaLag: steps(19, 24, removed),
        WriteIOPS: usual(2),
        WriteThroughput: usual(40e3),
        CPUUtilization: steps(49, cpu, removed),
        DatabaseConnections: steps(210, 408, removed),
        Queries: steps(5100, 9750, removed),
        SelectLatency: steps(0.6, 1.5, removed),
        DBLoad: steps(4, 15.2, removed),
        DBLoadCPU: steps(3.4, 13.3, removed),
        DBLoadNonCPU: steps(0.6, 1.9, removed),
        NetworkTransmitThroughput: steps(6.5e6, 12.6e6, removed),
        NetworkReceiveThroughput: steps(1.9e6, 3.7e6, removed),
        [`${writer}/CPUUtilization`]: steps(24, 25, removed),
        [`${writer}/DatabaseConnections`]: steps(160, 163, removed),
        [`${writer}/DBLoad`]: steps(1.6, 1.7, removed),
        [`${writer}/FreeableMemory`]: steps(18 * 1024 ** 3, 18 * 1024 ** 3, removed),
      },
      events: [
        told("listing", removed, "notification", `Removing reader ${gone}`, "cluster"),
        told(
          writer,
          655,
          "configuration change",
          "Updated parameter long_query_time to 2 with apply method immediate",
        ),
      ],
      load: loadOf(
        { CPU: 13.2, "io/table/sql/handler": 1.1, "io/aurora_respond_to_client": 0.5 },
        statements.map(([sql, cpuOf]) => ({
          sql,
          waits: { CPU: cpuOf * 0.9, "io/table/sql/handler": cpuOf * 0.08 },
        })),
        { site_ro: 13.6, sitemap: 0.6 },
      ),
      alarm: above("CPUUtilization", 80, [95.1, 96.8, 97.2], 41),
      way: "probe-failed",
    };
  },
});
