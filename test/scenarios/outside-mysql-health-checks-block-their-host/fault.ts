import { calmRds } from "../support/outside/calm.ts";
import { moves, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { mysqlErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";

const id = "booking-prod";
const group = "booking-prod-params";
const allowed = "10.4.9.71";

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "max_connect_errors was lowered to 10; the load balancer's TCP checks break off at the greeting, so the server blocks its address, behind which all come",
  world: (dice) => {
    const since = dice.number(58, 64);
    const left = 55;
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.40",
          DBInstanceClass: "db.m6g.xlarge",
          AllocatedStorage: 300,
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "mysql",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 140,
            connections: 214,
            cpu: 34,
            iops: 700,
          }),
        ),
        // Pools renew a connection after an hour, and none is made anew.
        DatabaseConnections: moves(214, left, since),
        CPUUtilization: moves(34, 11, since),
        ReadIOPS: moves(280, 90, since),
        WriteIOPS: moves(420, 130, since),
        DBLoad: moves(1.4, 0.4, since),
        DBLoadCPU: moves(1.05, 0.3, since),
        DBLoadNonCPU: moves(0.35, 0.1, since),
        NetworkReceiveThroughput: moves(1.9e6, 0.5e6, since),
        NetworkTransmitThroughput: moves(6.6e6, 1.8e6, since),
      },
      events: [
        told(
          group,
          since + 9,
          "configuration change",
          "Updated parameter max_connect_errors to 10 with apply method immediate",
          "parameter-group",
        ),
        told(id, since + 8, "configuration change", "Finished updating DB parameter group"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 9).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "terraform-hardening",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"max_connect_errors","parameterValue":"10","applyMethod":"immediate"}]`,
          error: null,
        },
      ],
      logs: [
        mysqlErrorLog(
          [
            ...Array.from({ length: 14 }, (_, n) =>
              mysqlErrorLine(
                since + 8 - n * 0.5,
                41_200 + n * 3,
                "[Note] [MY-010914] [Server] Got an error reading communication packets",
              ),
            ),
            mysqlErrorLine(
              since - 2,
              40_118,
              "[Note] [MY-010914] [Server] Aborted connection 40118 to db: 'booking' user: 'booking_app' host: '10.4.9.71' (Got timeout reading communication packets).",
            ),
          ],
          since - 2,
        ),
      ],
      load: loadOf(
        { CPU: 0.3, "wait/io/file/innodb/innodb_log_file": 0.1 },
        [{ sql: "SELECT * FROM `bookings` WHERE `id` = ?", waits: { CPU: 0.2 } }],
        { booking_app: 0.4 },
      ),
      alarm: below("DatabaseConnections", 100, [97, 94, 91], 16),
      way: "refused",
      inPart: (target, collectedAt) => ({
        schema: "probe-report.v1",
        target,
        collectedAt,
        connection: {
          status: "not-connected",
          failedStep: "handshake",
          detail: `Host '${allowed}' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'`,
          refusedWith: "1129",
          pointsTo:
            "the server has blocked this host after many failed connections (max_connect_errors): TRUNCATE performance_schema.host_cache",
          tookMs: 9,
        },
        probes: [],
      }),
    };
  },
});
