import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { clusterOf, instanceOf, loadOf } from "../support/outside/described.ts";

const ids = ["ledger-1", "ledger-2"] as const;
const of = {
  Engine: "aurora-postgresql",
  EngineVersion: "16.6",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "ledger",
};

/** Every night at this hour for three quarters of an hour. */
function nightly(calm: number, busy: number): Curve {
  return (minutesAgo) => (minutesAgo % 1440 < 45 ? usual(busy)(minutesAgo) : usual(calm)(minutesAgo));
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The nightly dump reads the reader's tables whole, as it did yesterday and last week: it is busy, and nobody waits",
  world: (dice) => {
    const reads = dice.number(7000, 9000);
    return {
      instances: [instanceOf(ids[1], of), instanceOf(ids[0], of)],
      cluster: clusterOf("ledger", ids, { Engine: "aurora-postgresql", EngineVersion: "16.6" }),
      metrics: {
        ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 40, cpu: 14, iops: 300 }),
        CPUUtilization: nightly(14, 46),
        ReadIOPS: nightly(120, reads),
        ReadThroughput: nightly(2.1e6, reads * 8300),
        NetworkTransmitThroughput: nightly(1.2e6, 61e6),
        BufferCacheHitRatio: nightly(99.8, 93),
        DBLoad: nightly(0.6, 2.7),
        DBLoadCPU: nightly(0.4, 1.2),
        DBLoadNonCPU: nightly(0.2, 1.5),
        AuroraReplicaLag: usual(22),
        ...calmReader(ids[0], 32),
      },
      events: [],
      load: loadOf(
        { "IO:DataFileRead": 1.3, CPU: 1.2, "Client:ClientWrite": 0.2 },
        [
          {
            sql: "COPY public.ledger_entries (account_no, booked_at, amount, memo) TO stdout",
            waits: { "IO:DataFileRead": 1.2, CPU: 0.7, "Client:ClientWrite": 0.2 },
          },
          { sql: "SELECT amount FROM ledger_entries WHERE account_no = ?", waits: { CPU: 0.4 } },
        ],
        { nightly_dump: 2.1, reporting: 0.5 },
      ),
      way: "probe-failed",
    };
  },
});
