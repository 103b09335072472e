import { calmRds } from "../support/outside/calm.ts";
import { byHour, even, moves, turns, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "payments-mysql";
const calm = withDays(
  calmRds({ engine: "mysql", vcpus: 2, memoryGib: 8, freeGib: 61, connections: 148, cpu: 27, iops: 310 }),
);

/** Four pods that try again every few seconds, and a client that times out now and then. */
function refusals(): string {
  const hosts = ["10.31.4.17", "10.31.4.88", "10.31.7.5", "10.31.7.61"];
  const lines = Array.from({ length: 180 }, (_, index) => {
    const at = ago(4.9 - index * 0.02)
      .toISOString()
      .replace("Z", "000Z");
    if (index % 61 === 60) {
      return `${at} ${48_100 + index} [Note] [MY-010914] [Server] Aborted connection ${48_100 + index} to db: 'payments' user: 'payments_web' host: '10.31.9.4' (Got timeout reading communication packets).`;
    }
    return `${at} ${48_100 + index} [Note] [MY-010926] [Server] Access denied for user 'ledger_app'@'${hosts[index % 4]}' (using password: YES)`;
  });
  return `${lines.join("\n")}\n`;
}

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "A password is rotated and one service of three keeps the old one: its pool runs empty as its connections end, and every new one is refused",
  world: (dice) => {
    const since = dice.number(25, 28);
    return {
      instances: [
        instanceOf(id, {
          Engine: "mysql",
          EngineVersion: "8.0.41",
          DBInstanceClass: "db.m6i.large",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calm,
        DatabaseConnections: (minutes) =>
          minutes > since ? byHour(148)(minutes) : moves(148, 97, since)(minutes),
        ConnectionAttempts: turns(byHour(6), since, 53),
        CPUUtilization: turns(calm["CPUUtilization"] ?? byHour(27), since, 23),
        DBLoad: even(turns(byHour(0.54), since, 0.42)),
        DBLoadCPU: even(turns(byHour(0.41), since, 0.33)),
        DBLoadNonCPU: even(turns(byHour(0.13), since, 0.09)),
      },
      events: nightlyBackup(id),
      logs: [
        {
          file: "error/mysql-error-running.log",
          kind: "error",
          lastWrittenAt: ago(1.2).toISOString(),
          truncated: true,
          text: refusals(),
        },
      ],
      load: loadOf(
        { CPU: 0.33, "wait/io/file/sql/binlog": 0.05, "wait/io/table/sql/handler": 0.04 },
        [
          {
            sql: "SELECT * FROM `payment_intents` WHERE `merchant_id` = ? AND `status` IN (...) ORDER BY `created_at` DESC LIMIT ?",
            waits: { CPU: 0.14, "wait/io/table/sql/handler": 0.02 },
          },
          {
            sql: "INSERT INTO `payment_events` ( `intent_id` , `kind` , `payload` ) VALUES (...)",
            waits: { CPU: 0.05, "wait/io/file/sql/binlog": 0.04 },
          },
        ],
        { payments_web: 0.31, payments_jobs: 0.11 },
      ),
      alarm: below("DatabaseConnections", 110, [109, 107, 106], 7),
      way: "probe-failed",
    };
  },
});
