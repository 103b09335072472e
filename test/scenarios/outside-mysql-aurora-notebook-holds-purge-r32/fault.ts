import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, told } from "../support/outside/described.ts";
import { inPart, notGranted } from "../support/outside/late-mysql.ts";
import { openTransaction, purgedOf, sleepsInTransaction } from "../support/outside/late-mysql-more.ts";
import { groupOf, nobodyWaits, ownGroup, serverOf } from "../support/outside/late-mysql-rows.ts";
import { between } from "../support/outside/recurring.ts";

const [writer, reader, cluster] = ["matching-1", "matching-2", "matching"];
const like = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.0",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};
const culprit = 70_412;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A notebook of ds_notebook read once and left its transaction open nine hours ago; purge may remove nothing since, and 3.4 million versions wait",
  world: (dice) => {
    const began = dice.number(548, 560);
    const seconds = began * 60;
    return {
      instances: [
        instanceOf(writer, { ...like, PromotionTier: 0 }),
        instanceOf(reader, { ...like, PromotionTier: 1 }),
      ],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-mysql",
        EngineVersion: like.EngineVersion,
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 8, memoryGib: 64, connections: 240, cpu: 38, iops: 900 }),
        ),
        ...calmReader(reader, 64),
        RollbackSegmentHistoryListLength: between(began, 0, 240, 3.42e6),
        TransactionAgeMaximum: (minutes) => (minutes > began ? 2 : (began - minutes) * 60),
        SelectLatency: turns(usual(0.6), 190, 1.7),
        DMLLatency: turns(usual(1.4), 190, 2.2),
        CPUUtilization: turns(usual(38), 190, 52),
      },
      events: [told(cluster, 611, "backup", "Automated backup completed", "cluster")],
      load: [],
      alarm: above(
        "RollbackSegmentHistoryListLength",
        1_000_000,
        [1_004_000, 1_010_000, 1_016_000],
        began - 162,
      ),
      way: "probe-failed",
      culprits: [culprit],
      inPart: inPart({
        version: "8.0.39",
        major: 8,
        answers: {
          "mysql-server": [serverOf("8.0.39", 33 * 86_400, 3000)],
          "mysql-connections": [
            groupOf("matching_api", "10.4.18.23", "idle", 121, [4, 61]),
            groupOf("matching_api", "10.4.33.9", "idle", 112, [4, 58]),
            groupOf("matching_api", "10.4.18.23", "active", 4, [0.004, 0.02]),
            groupOf("ds_notebook", "10.4.18.22", "idle-in-transaction", 1, [seconds, seconds]),
            ownGroup,
          ],
          "mysql-sessions": [
            sleepsInTransaction(
              culprit,
              "ds_notebook",
              seconds,
              "SELECT * FROM `candidates` WHERE `updated_at` >= ?",
            ),
          ],
          "mysql-row-locks": [nobodyWaits],
          "mysql-oldest-transaction": [openTransaction(culprit, "ds_notebook", seconds, { readView: null })],
          "mysql-oldest-transaction-purge": [purgedOf(3_421_880, 103)],
        },
        rest: notGranted("events_statements_summary_by_digest"),
      }),
    };
  },
});
