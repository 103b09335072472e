import { calmRds } from "../support/outside/calm.ts";
import { moves, steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "invoicing-db";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "A worker that hangs keeps the named lock under which invoice numbers are given; all others wait in GET_LOCK",
  world: (dice) => {
    const since = dice.number(25, 29);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.10",
          DBInstanceClass: "db.m6g.large",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mariadb",
            vcpus: 2,
            memoryGib: 8,
            freeGib: 190,
            connections: 84,
            cpu: 39,
            iops: 420,
          }),
        ),
        CPUUtilization: steps(39, 15, since),
        WriteIOPS: steps(250, 48, since),
        ReadIOPS: steps(170, 110, since),
        DBLoad: moves(0.8, 31, since),
        DBLoadCPU: steps(0.6, 0.3, since),
        DBLoadNonCPU: moves(0.2, 30.7, since),
        DatabaseConnections: moves(84, 117, since),
      },
      events: [
        told(id, 1190, "configuration change", "Finished updating DB parameter group"),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { "User lock": 27.4, "Sending data": 0.3 },
        [
          { sql: "SELECT GET_LOCK ( ? , ? )", waits: { "User lock": 27.4 } },
          { sql: "SELECT * FROM `invoices` WHERE `customer_id` = ? LIMIT ?", waits: { "Sending data": 0.2 } },
        ],
        { invoice_svc: 27.4, backoffice: 0.3 },
      ),
      alarm: above("DBLoad", 4, [4.8, 6.1, 7.3], since - 6),
      way: "probe-failed",
    };
  },
});
