import { calmAurora, calmReader } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";
import { slotRefused } from "../support/outside/late-mysql-more.ts";

const writer = "tickets-node-1";
const reader = "tickets-node-2";
const of = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.large",
  DBClusterIdentifier: "tickets",
};
const limit = 1000;

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A release starts a second fleet beside the old one, both with full pools: the default of 1000 connections is reached",
  world: (dice) => {
    const began = dice.number(17, 20);
    const full = began - 7;
    const climbing = moves(430, 430 + ((limit - 430) * began) / 7, began);
    const connected = (ago: number) => Math.min(limit, climbing(ago) ?? limit);
    return {
      instances: [instanceOf(writer, of), instanceOf(reader, of)],
      cluster: clusterOf("tickets", [writer, reader], { Engine: of.Engine, EngineVersion: of.EngineVersion }),
      metrics: {
        ...calmAurora({ engine: "mysql", vcpus: 2, memoryGib: 16, connections: 430, cpu: 38, iops: 310 }),
        ...calmReader(reader, 16),
        CPUUtilization: steps(38, 44, began),
        DatabaseConnections: Object.assign(connected, { rough: 0 }),
        ConnectionAttempts: steps(90, 1900, full),
        FreeableMemory: (ago) => (3.5 - (1.6 * (connected(ago) - 430)) / 570) * 1024 ** 3,
        AbortedClients: steps(1, 2, full),
        Queries: steps(1900, 1840, full),
        DBLoad: steps(0.76, 0.98, began),
        DBLoadCPU: steps(0.58, 0.71, began),
        DBLoadNonCPU: steps(0.18, 0.27, began),
      },
      events: nightlyBackup(writer),
      load: loadOf(
        { CPU: 0.71, "io/aurora_redo_log_flush": 0.18, "synch/mutex/sql/LOCK_connection_count": 0.09 },
        [
          { sql: "SELECT * FROM `seats` WHERE `event_id` = ? AND `block` = ?", waits: { CPU: 0.27 } },
          {
            sql: "INSERT INTO `reservations` ( `seat_id` , `user_id` , `until` ) VALUES (...)",
            waits: { CPU: 0.12, "io/aurora_redo_log_flush": 0.18 },
          },
          { sql: "SELECT `name` , `starts_at` FROM `events` WHERE `slug` = ?", waits: { CPU: 0.19 } },
        ],
        { tickets_api: 0.84, tickets_jobs: 0.14 },
      ),
      alarm: above("DatabaseConnections", 850, [857, 938, 1000], full - 1, "Maximum"),
      way: "refused",
      inPart: slotRefused,
    };
  },
});
