import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import {
  above,
  account,
  ago,
  clusterOf,
  instanceOf,
  loadOf,
  nightlyBackup,
  region,
} from "../support/outside/described.ts";

const [cluster, id, reader] = ["ledger", "ledger-1", "ledger-2"];
const member = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6i.2xlarge",
  DBName: "ledger",
  DBClusterIdentifier: cluster,
};
const wait = "IPC:DamRecordTxAck";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A database activity stream was started in synchronous mode: each commit awaits that its audit record is taken by the stream",
  world: (dice) => {
    const since = dice.number(26, 31);
    return {
      instances: [instanceOf(id, member), instanceOf(reader, member)],
      cluster: clusterOf(cluster, [id, reader], {
        Engine: member.Engine,
        EngineVersion: member.EngineVersion,
        ActivityStreamStatus: "started",
        ActivityStreamMode: "sync",
        ActivityStreamKinesisStreamName: "aws-rds-das-cluster-LEDGER9KD4",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 214, cpu: 34, iops: 2100 }),
        ),
        ...calmReader(reader, 64),
        CPUUtilization: steps(34, 31, since),
        CommitLatency: steps(2.6, 61, since),
        CommitThroughput: steps(640, 390, since),
        DBLoad: steps(2.9, 26.4, since),
        DBLoadCPU: steps(2.2, 2.1, since),
        DBLoadNonCPU: steps(0.7, 24.3, since),
        DatabaseConnections: steps(214, 297, since),
      },
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(since + 3).toISOString(),
          source: "cloudtrail",
          subject: cluster,
          what: "StartActivityStream",
          by: "sec-audit-rollout",
          detail: `resourceArn=arn:aws:rds:${region}:${account}:cluster:${cluster}, mode=sync, kmsKeyId=alias/das, applyImmediately=true`,
          error: null,
        },
        {
          at: ago(3 * 1440 + 200).toISOString(),
          source: "cloudtrail",
          subject: reader,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: `dBInstanceIdentifier=${reader}, promotionTier=1, applyImmediately=true`,
          error: null,
        },
      ],
      load: loadOf(
        { [wait]: 22.7, CPU: 2.1, "IO:XactSync": 0.9, "Lock:transactionid": 0.5, "Client:ClientRead": 0.2 },
        [
          { sql: "COMMIT", waits: { [wait]: 20.4, "IO:XactSync": 0.8 } },
          {
            sql: "INSERT INTO postings (account_id, amount, booked_at) VALUES (?, ?, ?)",
            waits: { CPU: 0.8, [wait]: 1.6 },
          },
          { sql: "SELECT balance FROM accounts WHERE id = ?", waits: { CPU: 0.7 } },
        ],
        { ledger_api: 24.9, ledger_jobs: 1.5 },
      ),
      alarm: above("CommitLatency", 30, [58.4, 62.9, 60.3], since - 4),
      way: "probe-failed",
    };
  },
});
