import { calmAurora } from "../support/outside/calm.ts";
import { type Curves, even, steps, turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const id = "tickets-db-1";
const gib = 1024 ** 3;

function ofServerless({ FreeLocalStorage: _, ...curves }: Curves): Curves {
  return curves;
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A presale brings two and a half times the visitors; Serverless v2 grew to the 8 ACU that somebody allowed, and may grow no further",
  world: (dice) => {
    const since = dice.number(52, 57);
    return {
      instances: [
        instanceOf(id, {
          Engine: "aurora-postgresql",
          EngineVersion: "16.6",
          DBInstanceClass: "db.serverless",
          DBClusterIdentifier: "tickets-db",
        }),
      ],
      cluster: clusterOf("tickets-db", [id], {
        Engine: "aurora-postgresql",
        EngineVersion: "16.6",
        MultiAZ: false,
        EngineMode: "provisioned",
        ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 8 },
      }),
      metrics: {
        ...ofServerless(
          withDays(
            calmAurora({ engine: "postgres", vcpus: 2, memoryGib: 16, connections: 96, cpu: 37, iops: 190 }),
          ),
        ),
        ServerlessDatabaseCapacity: even(turns(usual(3.5), since, 8)),
        ACUUtilization: even(turns(usual(44), since, 100)),
        CPUUtilization: even(turns(usual(37), since, 98.4)),
        DBLoad: steps(0.8, 13.1, since),
        DBLoadCPU: steps(0.6, 12.2, since),
        DBLoadNonCPU: steps(0.2, 0.9, since),
        DatabaseConnections: steps(96, 284, since),
        CommitThroughput: steps(140, 331, since),
        CommitLatency: steps(2.4, 5.2, since),
        NetworkReceiveThroughput: steps(0.86e6, 2.1e6, since),
        NetworkTransmitThroughput: steps(2.9e6, 7.3e6, since),
        FreeableMemory: turns(usual(9.1 * gib), since, 3.4 * gib),
        WriteIOPS: steps(114, 270, since),
      },
      events: [],
      load: loadOf(
        { CPU: 12.2, "IO:XactSync": 0.5, "Client:ClientRead": 0.3 },
        [
          { sql: "SELECT * FROM seats WHERE show_id = $1 AND state = $2", waits: { CPU: 3.4 } },
          { sql: "SELECT * FROM shows WHERE id = $1", waits: { CPU: 2.6 } },
          {
            sql: "UPDATE seats SET state = $1, held_until = $2 WHERE id = $3 AND state = $4",
            waits: { CPU: 2.1, "IO:XactSync": 0.4 },
          },
          { sql: "SELECT * FROM sessions WHERE token = $1", waits: { CPU: 1.9 } },
          {
            sql: "INSERT INTO holds (seat_id, visitor_id, until) VALUES ($1, $2, $3)",
            waits: { CPU: 1.2, "IO:XactSync": 0.1 },
          },
          { sql: "SELECT price_cents FROM price_tiers WHERE show_id = $1", waits: { CPU: 0.9 } },
        ],
        { tickets_web: 12.6, tickets_jobs: 0.4 },
      ),
      changes: [
        {
          at: ago(60 * 24 * 21).toISOString(),
          source: "cloudtrail",
          subject: "tickets-db",
          what: "ModifyDBCluster",
          by: "j.kaur",
          detail:
            'dBClusterIdentifier=tickets-db, serverlessV2ScalingConfiguration={"minCapacity":1,"maxCapacity":8}',
          error: null,
        },
      ],
      alarm: above("ACUUtilization", 90, [100, 100, 100], since - 5),
      alsoAlarms: [above("CPUUtilization", 85, [97.9, 98.6, 98.2], since - 6)],
      way: "probe-failed",
    };
  },
});
