import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { even, steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const [writer, reader, cluster] = ["tickets-w", "tickets-r", "tickets"];
const like = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.3",
  DBInstanceClass: "db.serverless",
  DBClusterIdentifier: cluster,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A presale brings three times the usual requests; the serverless writer stands at its maximum of 8 ACU with a full CPU, and may not grow",
  world: (dice) => {
    const since = dice.number(31, 38);
    const busy = (before: number, after: number) => turns(usual(before), since, after);
    return {
      instances: [
        instanceOf(writer, { ...like, PromotionTier: 0 }),
        instanceOf(reader, { ...like, PromotionTier: 1 }),
      ],
      cluster: clusterOf(cluster, [writer, reader], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.3",
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 74, cpu: 27, iops: 420 }),
        ),
        ...calmReader(reader, 16),
        [`${reader}/ServerlessDatabaseCapacity`]: usual(2),
        [`${reader}/ACUUtilization`]: usual(25),
        // Not published of serverless members.
        FreeLocalStorage: () => null,
        ServerlessDatabaseCapacity: even(steps(3, 8, since - 3)),
        ACUUtilization: even(steps(38, 100, since - 3)),
        CPUUtilization: busy(27, 98.7),
        DatabaseConnections: busy(74, 231),
        DBLoad: steps(0.7, 12.1, since),
        DBLoadCPU: steps(0.5, 10.9, since),
        DBLoadNonCPU: steps(0.2, 1.2, since),
        CommitThroughput: busy(210, 590),
        CommitLatency: busy(2.4, 11),
        NetworkReceiveThroughput: busy(0.67e6, 2.1e6),
        NetworkTransmitThroughput: busy(2.3e6, 7.1e6),
        ReadIOPS: busy(168, 390),
        WriteIOPS: busy(252, 720),
      },
      events: [told(cluster, 611, "backup", "Automated backup completed", "cluster")],
      load: loadOf(
        { CPU: 10.9, "IO:XactSync": 0.7, "Client:ClientRead": 0.3, "LWLock:BufferContent": 0.2 },
        [
          { sql: "SELECT * FROM seats WHERE event_id = $1 AND block = $2", waits: { CPU: 2.3 } },
          { sql: "SELECT * FROM events WHERE slug = $1", waits: { CPU: 2.1 } },
          {
            sql: "INSERT INTO reservations (seat_id, user_id, until) VALUES ($1, $2, $3)",
            waits: { CPU: 1.6, "IO:XactSync": 0.4 },
          },
          { sql: "SELECT * FROM users WHERE id = $1", waits: { CPU: 1.7 } },
          {
            sql: "SELECT price, currency FROM prices WHERE event_id = $1 AND category = $2",
            waits: { CPU: 1.5 },
          },
          {
            sql: "UPDATE reservations SET state = $1 WHERE id = $2",
            waits: { CPU: 1.1, "IO:XactSync": 0.3 },
          },
        ],
        { tickets_web: 11.4, tickets_jobs: 0.7 },
      ),
      alarm: above("ACUUtilization", 95, [100, 100, 100], since - 9),
      alsoAlarms: [above("CPUUtilization", 90, [98.2, 98.9, 98.6], since - 6)],
      way: "probe-failed",
    };
  },
});
