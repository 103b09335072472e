import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "inventory-core";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "The change-data connector starts from the same position every eleven minutes, falls, and has confirmed nothing for 31 hours: its slot keeps 170 GiB of WAL",
  world: (dice) => {
    const fell = dice.number(1840, 1880);
    const calm = withDays(
      calmRds({
        engine: "postgres",
        vcpus: 4,
        memoryGib: 32,
        freeGib: 216,
        connections: 88,
        cpu: 29,
        iops: 720,
      }),
    );
    const start =
      'STATEMENT:  START_REPLICATION SLOT "debezium_inventory" LOGICAL 5A3/1C0F2A8 ("proto_version" \'1\', "publication_names" \'dbz_publication\')';
    const lines = [52.4, 41.3, 30.2, 19.1, 8.1].flatMap((minutes, index) => {
      const who = {
        host: `10.31.4.77(${40_112 + index * 18})`,
        user: "debezium",
        database: "inventory",
        pid: 17_402 + index * 96,
      };
      return [
        logged(minutes, who, 'LOG:  starting logical decoding for slot "debezium_inventory"'),
        logged(
          minutes,
          who,
          "DETAIL:  Streaming transactions committing after 5A3/1C0F2A8, reading WAL from 5A3/1C0E110.",
        ),
        logged(minutes, who, start),
        logged(minutes, who, "LOG:  logical decoding found consistent point at 5A3/1C0E110"),
        logged(minutes, who, "DETAIL:  There are no running transactions."),
        logged(minutes, who, start),
        logged(minutes - 0.7, who, "LOG:  could not send data to client: Connection reset by peer"),
        logged(minutes - 0.7, who, start),
        logged(
          Math.max(1, minutes - 4),
          { pid: 512 },
          "LOG:  checkpoint complete: wrote 9120 buffers (0.9%); 0 WAL file(s) added, 0 removed, 0 recycled; write=269.101 s, sync=0.021 s, total=269.144 s; sync files=211, longest=0.004 s, average=0.001 s; distance=471203 kB, estimate=480911 kB",
        ),
      ];
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.r6g.xlarge",
          AllocatedStorage: 500,
          Iops: 12_000,
          StorageThroughput: 500,
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calm,
        FreeStorageSpace: between(fell, 0, 216 * gib, 46 * gib),
        TransactionLogsDiskUsage: between(fell, 0, 2.1 * gib, 172 * gib),
        OldestReplicationSlotLag: between(fell, 0, 0.1 * gib, 170 * gib),
        ReplicationSlotDiskUsage: () => 41_000,
        TransactionLogsGeneration: () => 1.64e6,
      }),
      events: [
        told(
          id,
          34,
          "low storage",
          "The free storage capacity for DB Instance: inventory-core is low at 9% of the provisioned storage [Provisioned Storage: 490.66 GB, Free Storage: 48.41 GB]. You may want to increase the provisioned storage to address this issue.",
        ),
        ...nightlyBackup(id),
      ],
      logs: [errorLog(lines, 1)],
      alarm: below("FreeStorageSpace", 50 * gib, [53_640_000_000, 53_570_000_000, 53_510_000_000], 41),
      way: "probe-failed",
    };
  },
});
