import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "wms-maria";

/** performance_schema is off: Performance Insights has the states of threads (User Guide, USER_PerfInsights.EnableMySQL). */
export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Reservations of stock wait for rows of one table, and all that is seen of it is threads in the state Updating",
  world: (dice) => {
    const waiting = dice.number(33, 37);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.6.20",
          DBInstanceClass: "db.r5.large",
          AllocatedStorage: 150,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 16,
            freeGib: 71,
            connections: 88,
            cpu: 33,
            iops: 340,
          }),
        ),
        CPUUtilization: steps(33, 9, 19),
        DatabaseConnections: steps(88, 127, 18),
        ReadIOPS: steps(136, 58, 19),
        WriteIOPS: steps(204, 47, 19),
        ReadThroughput: steps(2.4e6, 1.1e6, 19),
        WriteThroughput: steps(4.3e6, 0.9e6, 19),
        NetworkTransmitThroughput: steps(2.7e6, 0.9e6, 19),
        DBLoad: steps(0.8, waiting + 1.1, 19),
        DBLoadCPU: steps(0.6, 0.2, 19),
        DBLoadNonCPU: steps(0.2, waiting + 0.9, 19),
      },
      events: nightlyBackup(id),
      load: loadOf(
        { Updating: waiting + 0.2, "Sending data": 0.5, Commit: 0.2, Statistics: 0.2 },
        [
          {
            sql: "UPDATE `warehouse_stock` SET `reserved` = `reserved` + ? WHERE `sku_id` = ? AND `site_id` = ?",
            waits: { Updating: waiting },
          },
          {
            sql: "SELECT `l` . `sku_id` , `l` . `qty` FROM `order_lines` `l` WHERE `l` . `order_id` = ?",
            waits: { "Sending data": 0.4, Statistics: 0.1 },
          },
          {
            sql: "UPDATE `pick_tasks` SET `state` = ? WHERE `id` = ?",
            waits: { Updating: 0.2, Commit: 0.2 },
          },
          { sql: "SELECT * FROM `sites` WHERE `code` = ?", waits: { "Sending data": 0.1, Statistics: 0.1 } },
        ],
        { wms_orders: waiting + 0.4, wms_floor: 0.7 },
      ),
      alarm: above("DBLoad", 6, [34.9, 36.3, 35.8], 14),
      way: "probe-failed",
    };
  },
});
