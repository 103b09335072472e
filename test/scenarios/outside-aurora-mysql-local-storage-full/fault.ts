import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const gib = 1024 ** 3;
const ids = ["stats-1", "stats-2"] as const;
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "stats",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "Temporary tables of a report eat the instance's local storage: 2 of 60 GiB are left, and it goes on",
  world: (dice) => {
    const left = dice.number(14, 22) / 10;
    return {
      instances: ids.map((id) => instanceOf(id, of)),
      cluster: clusterOf("stats", ids, { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.2" }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 66, cpu: 23, iops: 350 }),
        FreeLocalStorage: (ago) => (ago > 31 ? 60 * gib : moves(60 * gib, left * gib, 31)(ago)),
        CPUUtilization: steps(23, 41, 31),
        DBLoad: steps(0.9, 3.1, 31),
        DBLoadCPU: steps(0.7, 1.4, 31),
        DBLoadNonCPU: steps(0.2, 1.7, 31),
        ...calmReader(ids[1], 32),
      },
      events: [],
      load: loadOf(
        { CPU: 1.4, "io/file/innodb/innodb_temp_file": 1.2, "io/table/sql/handler": 0.4 },
        [
          {
            sql: "SELECT `country` , COUNT (DISTINCT `visitor` ) FROM `hits` GROUP BY `country` , `page`",
            waits: { "io/file/innodb/innodb_temp_file": 1.2, CPU: 0.8 },
          },
        ],
        { reporting: 2.2, web: 0.9 },
      ),
      alarm: below("FreeLocalStorage", 10737418240, [10500000000, 8600000000], 4, "Minimum"),
      way: "probe-failed",
    };
  },
});
