import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "catalogue-prod";

/** The partner's interface asks what the shop asks, only more often. */
const asked: readonly (readonly [string, number])[] = [
  ["SELECT p . * FROM products p WHERE p . sku = ?", 0.94],
  ["SELECT price , currency FROM prices WHERE product_id = ? AND market = ?", 0.91],
  ["SELECT s . on_hand FROM stock s WHERE s . product_id = ?", 0.83],
  ["SELECT url , width FROM media WHERE product_id = ? ORDER BY position", 0.8],
  ["SELECT a . name , a . value FROM attributes a WHERE a . product_id = ?", 0.76],
  [
    "SELECT c . slug FROM categories c JOIN product_categories pc ON pc . category_id = c . id WHERE pc . product_id = ?",
    0.71,
  ],
  ["SELECT text FROM translations WHERE product_id = ? AND language = ?", 0.66],
  ["SELECT avg ( stars ) , count ( * ) FROM ratings WHERE product_id = ?", 0.6],
  ["SELECT * FROM bundles WHERE product_id = ?", 0.52],
  ["INSERT INTO partner_requests ( partner , path , at ) VALUES ( ? , ? , ? )", 0.3],
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A partner's synchronisation asks for the whole catalogue article by article: everything is asked three times as often",
  world: (dice) => {
    const since = dice.number(44, 52);
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "14.15",
          DBInstanceClass: "db.m5.xlarge",
          MultiAZ: true,
          AllocatedStorage: 350,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 171,
            connections: 128,
            cpu: 34,
            iops: 410,
          }),
        ),
        CPUUtilization: steps(34, 97.4, since),
        DatabaseConnections: steps(128, 186, since),
        DBLoad: steps(1.5, 9.0, since),
        DBLoadCPU: steps(1.1, 8.2, since),
        DBLoadNonCPU: steps(0.4, 0.8, since),
        ReadIOPS: steps(164, 290, since),
        NetworkReceiveThroughput: steps(1.2e6, 3.7e6, since),
        NetworkTransmitThroughput: steps(4e6, 12.6e6, since),
      },
      events: [
        told(id, 71, "backup", "Manual snapshot created"),
        told(id, 79, "backup", "Creating manual snapshot"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 8.2, "IO:DataFileRead": 0.5, "Client:ClientRead": 0.2, "IO:WALSync": 0.1 },
        asked.map(([sql, load]) => ({ sql, waits: { CPU: load } })),
        { partner_sync: 6.6, shop: 1.9, worker: 0.5 },
      ),
      alarm: above("CPUUtilization", 85, [96.1, 97.3, 97.9], since - 5),
      way: "probe-failed",
    };
  },
});
