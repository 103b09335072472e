import { calmRds } from "../support/outside/calm.ts";
import { turns, usual, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "bookings-prod";
const group = "bookings-prod-params";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "wait_timeout was cut to 30 s, the services' pools keep connections for ten minutes: the server closes them, requests fail on dead ones, and everybody connects anew",
  world: (dice) => {
    const since = dice.number(36, 41);
    const calm = withDays(
      calmRds({
        engine: "mysql",
        vcpus: 4,
        memoryGib: 16,
        freeGib: 118,
        connections: 212,
        cpu: 27,
        iops: 540,
      }),
    );
    const closed = Array.from({ length: 150 }, (_, index) => ({
      at: 19.6 - index * 0.125,
      thread: 918_204 + index * 3,
      user: ["booking_api", "search_api", "backoffice"][index % 3],
      host: `10.4.${18 + (index % 3)}.${20 + (index % 9)}`,
    }));
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.39",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        CPUUtilization: turns(usual(27), since, 39),
        DatabaseConnections: turns(usual(212), since, 84),
        ConnectionAttempts: turns(usual(6), since, 410),
        NetworkReceiveThroughput: turns(usual(1.9e6), since, 2.2e6),
        DBLoad: turns(usual(1.1), since, 1.5),
        DBLoadCPU: turns(usual(0.83), since, 1.2),
        DBLoadNonCPU: turns(usual(0.27), since, 0.3),
      },
      events: [
        told(
          group,
          since + 1,
          "configuration change",
          "Updated parameter wait_timeout to 30 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "m.keller",
          detail: "wait_timeout=30 (immediate), interactive_timeout=30 (immediate)",
          error: null,
        },
        {
          at: ago(60 * 24 * 20).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform",
          detail: "allocatedStorage=200",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 1.2, "wait/io/table/sql/handler": 0.2, "wait/io/socket/sql/client_connection": 0.1 },
        [
          {
            sql: "SELECT `id`, `status` FROM `bookings` WHERE `customer_id` = ?",
            waits: { CPU: 0.4, "wait/io/table/sql/handler": 0.1 },
          },
          { sql: "SET NAMES utf8mb4", waits: { CPU: 0.2 } },
          {
            sql: "SELECT `offer_id`, `price` FROM `offers` WHERE `hotel_id` = ? AND `day` BETWEEN ? AND ?",
            waits: { CPU: 0.3, "wait/io/table/sql/handler": 0.1 },
          },
        ],
        { booking_api: 0.7, search_api: 0.6, backoffice: 0.2 },
      ),
      logs: [
        mysqlErrorLog(
          closed.map(({ at, thread, user, host }) =>
            mysqlErrorLine(
              at,
              thread,
              `[Note] [MY-010914] [Server] Aborted connection ${thread} to db: 'bookings' user: '${user}' host: '${host}' (The client was disconnected by the server because of inactivity.).`,
            ),
          ),
          1,
        ),
      ],
      alarm: above("ConnectionAttempts", 200, [398, 421, 407], since - 6, "Sum"),
      way: "probe-failed",
    };
  },
});
