import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const cluster = "accounts";
const [writer, reader] = ["accounts-a", "accounts-b"];
const aurora = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.8",
  DBInstanceClass: "db.r6g.2xlarge",
  DBClusterIdentifier: cluster,
};
const check =
  "SELECT e . id , e . feature , e . valid_to FROM entitlements e JOIN account_groups g ON g . group_id = e . group_id WHERE g . account_id = ? AND e . valid_to > now ( ) ORDER BY e . feature";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since a release each request checks entitlements by a join that reads far too much: 8 vCPU are taken",
  world: (dice) => {
    const since = dice.number(34, 41);
    const calm = withDays(
      calmAurora({ engine: "postgres", vcpus: 8, memoryGib: 64, connections: 212, cpu: 31, iops: 190 }),
    );
    return {
      instances: [
        instanceOf(writer, aurora),
        instanceOf(reader, { ...aurora, AvailabilityZone: "eu-central-1a" }),
      ],
      cluster: clusterOf(cluster, [writer, reader], aurora),
      metrics: {
        ...calm,
        ...calmReader(reader, 64),
        CPUUtilization: steps(31, 98.6, since),
        DatabaseConnections: steps(212, 287, since - 3),
        DBLoad: steps(2.5, 19.3, since),
        DBLoadCPU: steps(1.9, 18.5, since),
        DBLoadNonCPU: steps(0.6, 0.8, since),
        CommitLatency: steps(2.4, 6.9, since),
        CommitThroughput: steps(210, 148, since),
        NetworkTransmitThroughput: steps(6.5e6, 5.2e6, since),
      },
      events: [
        told(
          `${cluster}-params`,
          205,
          "configuration change",
          "Updated parameter log_min_duration_statement to 500 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: loadOf(
        { CPU: 18.5, "IO:XactSync": 0.4, "LWLock:BufferMapping": 0.2, "IO:DataFileRead": 0.2 },
        [
          { sql: check, waits: { CPU: 14.9, "LWLock:BufferMapping": 0.2 } },
          { sql: "SELECT * FROM accounts WHERE id = ?", waits: { CPU: 0.9, "IO:DataFileRead": 0.1 } },
          {
            sql: "UPDATE sessions SET seen_at = now ( ) WHERE token = ?",
            waits: { CPU: 0.7, "IO:XactSync": 0.3 },
          },
          { sql: "SELECT * FROM preferences WHERE account_id = ?", waits: { CPU: 0.5 } },
          { sql: "COMMIT", waits: { CPU: 0.1, "IO:XactSync": 0.1 } },
        ],
        { accounts_api: 18.1, accounts_jobs: 1.2 },
      ),
      alarm: above("CPUUtilization", 90, [97.9, 98.4, 98.8], since - 4),
      way: "probe-failed",
    };
  },
});
