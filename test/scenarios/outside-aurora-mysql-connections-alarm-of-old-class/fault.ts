import { calmAurora, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";

const id = "members-1";
const reader = "members-2";
const version = { Engine: "aurora-mysql", EngineVersion: "8.0.mysql_aurora.3.08.0" };
const of = {
  ...version,
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: "members",
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "mysql",
  title: "860 connections as yesterday, of 3,000 that the class allows; the alarm is from the class before",
  world: (dice) => ({
    instances: [instanceOf(id, of), instanceOf(reader, of)],
    cluster: clusterOf("members", [id, reader], version),
    metrics: withoutInsights({
      ...calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 862, cpu: 31, iops: 690 }),
      Queries: usual(dice.number(3100, 3400)),
      CommitThroughput: usual(340),
      ...calmReader(reader, 64),
    }),
    events: [],
    load: null,
    alarm: above("DatabaseConnections", 800, [851, 858, 861], 9, "Maximum"),
    way: "probe-failed",
  }),
});
