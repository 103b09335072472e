import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";
import { everySoOften } from "../support/outside/refusals.ts";

const [writer, reader, cluster] = ["checkout-a", "checkout-b", "checkout"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "15.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The secret of checkout_app was rotated and the pods still have the old password: as pooled connections age out, none comes back",
  world: (dice) => {
    const rotated = dice.number(28, 31);
    const fades = (from: number, to: number) => between(rotated, 4, from, to);
    return {
      instances: [instanceOf(writer, like), instanceOf(reader, { ...like, PromotionTier: 1 })],
      cluster: clusterOf(cluster, [writer, reader], { Engine: "aurora-postgresql", EngineVersion: "15.6" }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 214, cpu: 36, iops: 390 }),
        ),
        ...calmReader(reader, 32),
        DatabaseConnections: fades(214, 12),
        CommitThroughput: fades(210, 6),
        CPUUtilization: fades(36, 11),
        DBLoad: fades(1.5, 0.2),
        DBLoadCPU: fades(1.1, 0.15),
        DBLoadNonCPU: fades(0.4, 0.05),
        WriteIOPS: fades(230, 19),
        ReadIOPS: fades(150, 21),
        NetworkReceiveThroughput: fades(1.9e6, 0.2e6),
        NetworkTransmitThroughput: fades(6.6e6, 0.4e6),
        CommitLatency: usual(2.4),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { CPU: 0.14, "IO:XactSync": 0.03 },
        [
          {
            sql: "SELECT id, payload FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT $1",
            waits: { CPU: 0.06 },
          },
        ],
        { outbox_relay: 0.12, rdsadmin: 0.05 },
      ),
      logs: [
        errorLog(
          [
            logged(
              rotated + 41,
              { host: "10.8.3.19(50122)", user: "outbox_relay", database: "checkout", pid: 7710 },
              "LOG:  could not receive data from client: Connection reset by peer",
            ),
            ...everySoOften(
              { from: rotated - 1, to: 1, apart: 0.7 },
              { host: "10.8.14.52", user: "checkout_app", database: "checkout" },
              [
                'FATAL:  password authentication failed for user "checkout_app"',
                'DETAIL:  Connection matched pg_hba.conf line 13: "host all all all md5"',
              ],
            ),
          ],
          1,
        ),
      ],
      alarm: below("CommitThroughput", 60, [52.1, 44.8, 36.9], 8),
      way: "probe-failed",
    };
  },
});
