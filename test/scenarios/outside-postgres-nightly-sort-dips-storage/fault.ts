import { calmRds } from "../support/outside/calm.ts";
import { type Curve, usual } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "warehouse-db";
const gib = 1024 ** 3;
const dayMinutes = 1440;

const calm = calmRds({
  engine: "postgres",
  vcpus: 8,
  memoryGib: 64,
  freeGib: 190,
  connections: 48,
  cpu: 21,
  iops: 700,
});

export const scenario = defineOutside({
  engine: "postgres",
  title: "The report sorts on disk as every night at this hour: free storage dips by 70 GiB and comes back",
  world: (dice) => {
    const begun = dice.number(22, 31);
    /** Of a night that is like the others; `share` of the report's work that is done. */
    const nightly = (calmly: number, at: (share: number) => number): Curve => {
      return (minutes) => {
        const into = begun - (minutes % dayMinutes);
        const share = into / 55;
        return share < 0 || share > 1 ? usual(calmly)(minutes) : at(share);
      };
    };
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.8",
          DBInstanceClass: "db.r6g.2xlarge",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...calm,
        FreeStorageSpace: nightly(190 * gib, (share) => (190 - 70 * Math.min(1, share * 2.6)) * gib),
        CPUUtilization: nightly(21, () => 39),
        WriteIOPS: nightly(420, () => 2900),
        WriteThroughput: nightly(8.8e6, () => 61e6),
        ReadIOPS: nightly(280, () => 3100),
        ReadThroughput: nightly(5e6, () => 74e6),
        DBLoad: nightly(1.6, () => 4.3),
        DBLoadCPU: nightly(1.3, () => 2.2),
        DBLoadNonCPU: nightly(0.4, () => 2.1),
        DiskQueueDepth: nightly(0.9, () => 5.2),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { CPU: 2.2, "IO:BufFileWrite": 1.2, "IO:BufFileRead": 0.7, "IO:DataFileRead": 0.2 },
        [
          {
            sql: "INSERT INTO monthly_sales SELECT store, sku, sum(amount) FROM sales GROUP BY store, sku ORDER BY store",
            waits: { CPU: 1.4, "IO:BufFileWrite": 1.2, "IO:BufFileRead": 0.7 },
          },
          { sql: "SELECT * FROM stores WHERE id = ?", waits: { CPU: 0.3 } },
        ],
        { etl: 3.3, bi: 1 },
      ),
      alarm: below("FreeStorageSpace", 130 * gib, [128 * gib, 126 * gib, 124 * gib], 4),
      way: "probe-failed",
    };
  },
});
