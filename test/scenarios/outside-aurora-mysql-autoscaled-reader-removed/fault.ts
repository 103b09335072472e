import { calmAurora } from "../support/outside/calm.ts";
import { steps, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const writer = "recipes-1";
const reader = "recipes-2";
const scaled = "application-autoscaling-4c0e7b1d-92af-4c58-8b1f-6d2ce3f07a91";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r7g.xlarge",
  DBClusterIdentifier: "recipes",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Auto scaling took the second reader away after the peak; the first has the rest of its work, and an alarm set low",
  world: (dice) => {
    const removed = dice.number(19, 26);
    return {
      instances: [instanceOf(reader, of), instanceOf(writer, of)],
      cluster: clusterOf("recipes", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 84, cpu: 31, iops: 300 }),
        CPUUtilization: steps(31, 49, removed),
        DatabaseConnections: steps(84, 141, removed),
        AuroraReplicaLag: usual(16),
        Queries: steps(1900, 3050, removed),
        NetworkTransmitThroughput: steps(2.6e6, 4.2e6, removed),
        DBLoad: steps(1.24, 2, removed),
        DBLoadCPU: steps(0.95, 1.5, removed),
        DBLoadNonCPU: steps(0.29, 0.5, removed),
        [`${writer}/CPUUtilization`]: usual(18),
        [`${writer}/DatabaseConnections`]: usual(52),
        [`${writer}/DBLoad`]: usual(0.9),
        [`${writer}/FreeableMemory`]: usual(8.8 * 1024 ** 3),
      },
      events: [
        told(scaled, removed, "deletion", "DB instance deleted"),
        told(scaled, 290, "creation", "DB instance created"),
        ...nightlyBackup(writer),
      ],
      load: loadOf(
        { CPU: 1.5, "io/table/sql/handler": 0.4, "io/aurora_respond_to_client": 0.1 },
        [
          {
            sql: "SELECT `id` , `title` , `image` FROM `recipes` WHERE `category_id` = ? ORDER BY `rating` DESC LIMIT ?",
            waits: { CPU: 0.6, "io/table/sql/handler": 0.2 },
          },
          {
            sql: "SELECT * FROM `recipes` WHERE `slug` = ?",
            waits: { CPU: 0.5, "io/table/sql/handler": 0.1 },
          },
          {
            sql: "SELECT `name` , `amount` FROM `ingredients` WHERE `recipe_id` = ?",
            waits: { CPU: 0.4, "io/table/sql/handler": 0.1 },
          },
        ],
        { recipes_web: 1.8, recipes_feed: 0.2 },
      ),
      alarm: above("CPUUtilization", 45, [47.9, 49.6, 48.8], removed - 4),
      way: "refused",
    };
  },
});
