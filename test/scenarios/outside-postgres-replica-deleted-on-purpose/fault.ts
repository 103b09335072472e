import { calmRds } from "../support/outside/calm.ts";
import { steps, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const mib = 1024 ** 2;
const [id, gone] = ["members-prod", "members-migration-check"];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A replica that had served a migration was deleted by those who made it; the source sends less now, and an alarm takes that amiss",
  world: (dice) => {
    const since = dice.number(28, 33);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.m6g.xlarge",
          DBName: "members",
          MultiAZ: true,
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 271,
            connections: 109,
            cpu: 30,
            iops: 900,
          }),
        ),
        NetworkTransmitThroughput: steps(6.1e6, 3.4e6, since),
        OldestReplicationSlotLag: (minutes) => (minutes > since ? 0.6 * mib : null),
        TransactionLogsGeneration: usual(2.4 * mib),
      },
      events: [told(gone, since, "deletion", "DB instance deleted"), ...nightlyBackup(id)],
      changes: [
        {
          at: ago(since + 4).toISOString(),
          source: "cloudtrail",
          subject: gone,
          what: "DeleteDBInstance",
          by: "terraform-prod",
          detail: `dBInstanceIdentifier=${gone}, skipFinalSnapshot=true, deleteAutomatedBackups=true`,
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.9, "IO:DataFileRead": 0.1 },
        [{ sql: "SELECT * FROM memberships WHERE member_id = ?", waits: { CPU: 0.5 } }],
        { members_api: 1 },
      ),
      alarm: below("NetworkTransmitThroughput", 4e6, [3_420_000, 3_390_000, 3_510_000], since - 6),
      way: "probe-failed",
    };
  },
});
