import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { type Curve, moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { account, below, instanceOf, nightlyBackup } from "../support/outside/described.ts";

const id = "orders-main";
const gib = 1024 ** 3;
const kept = 212.4;
const anHour = 5.9;
const minutes = (kept / anHour) * 60;

/** A count of bytes has no noise. */
const exact = (curve: Curve): Curve => Object.assign(curve, { rough: 0 });

export const scenario = defineOutside({
  engine: "postgres",
  title: "The replica in another Region has not taken anything for 36 hours, and its slot keeps the WAL",
  world: (dice) => ({
    instances: [
      instanceOf(id, {
        Engine: "postgres",
        EngineVersion: "16.4",
        DBInstanceClass: "db.m6g.xlarge",
        MultiAZ: true,
        AllocatedStorage: 400,
        Iops: 12_000,
        StorageThroughput: 500,
        PerformanceInsightsEnabled: false,
        ReadReplicaDBInstanceIdentifiers: [`arn:aws:rds:us-west-2:${account}:db:orders-dr`],
      }),
    ],
    metrics: {
      ...withoutInsights(
        withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            connections: dice.number(140, 152),
            cpu: 33,
            iops: 540,
          }),
        ),
      ),
      FreeStorageSpace: moves((41 + kept) * gib, 41 * gib, minutes),
      TransactionLogsDiskUsage: moves(1.2 * gib, (1.2 + kept) * gib, minutes),
      OldestReplicationSlotLag: exact(moves(3e6, kept * gib, minutes)),
      TransactionLogsGeneration: () => (anHour * gib) / 3600,
    },
    events: nightlyBackup(id),
    load: null,
    alarm: below("FreeStorageSpace", 48 * gib, [51.4e9, 51.3e9, 51.2e9], 68),
    way: "probe-failed",
  }),
});
