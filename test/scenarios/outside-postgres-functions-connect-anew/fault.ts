import { calmRds } from "../support/outside/calm.ts";
import { even, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup } from "../support/outside/described.ts";

const id = "orders-pg";
const perSecond = 52;

/** What log_connections and log_disconnections write of one function's visit, with RDS's log_line_prefix. */
function visit(index: number): string {
  const at = new Date(ago(1).getTime() + (index / perSecond) * 1000);
  const stamp = `${at.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const host = `10.4.${18 + (index % 7)}.${20 + ((index * 37) % 200)}`;
  const port = 32_000 + ((index * 7919) % 28_000);
  const pid = 21_000 + index;
  const of = `${stamp}:${host}(${port}):orders_fn@orders:[${pid}]:LOG:  `;
  return [
    `${stamp}:${host}(${port}):[unknown]@[unknown]:[${pid}]:LOG:  connection received: host=${host} port=${port}`,
    `${of}connection authenticated: identity="orders_fn" method=scram-sha-256 (/rdsdbdata/config/pg_hba.conf:13)`,
    `${of}connection authorized: user=orders_fn database=orders SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`,
    `${of}disconnection: session time: 0:00:00.0${40 + (index % 50)} user=orders_fn database=orders host=${host} port=${port}`,
  ].join("\n");
}

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Functions sign in anew for each request: two vCPUs start processes and check passwords, and hardly a session is active",
  world: (dice) => ({
    instances: [
      instanceOf(id, { Engine: "postgres", EngineVersion: "15.10", DBInstanceClass: "db.m6g.large" }),
    ],
    metrics: {
      ...calmRds({
        engine: "postgres",
        vcpus: 2,
        memoryGib: 8,
        freeGib: 118,
        connections: 70,
        cpu: 31,
        iops: 210,
      }),
      CPUUtilization: even(steps(31, dice.number(91, 94), 26)),
      DatabaseConnections: steps(70, 81, 26),
      NetworkReceiveThroughput: steps(0.63e6, 2.2e6, 26),
      NetworkTransmitThroughput: steps(2.2e6, 3.3e6, 26),
      DBLoad: steps(0.62, 0.98, 26),
      DBLoadCPU: steps(0.48, 0.74, 26),
      DBLoadNonCPU: steps(0.14, 0.24, 26),
    },
    events: nightlyBackup(id),
    load: loadOf(
      { CPU: 0.74, "IO:DataFileRead": 0.1, "IO:WALSync": 0.08, "LWLock:ProcArray": 0.06 },
      [
        {
          sql: "SELECT id, status, total FROM orders WHERE id = $1",
          waits: { CPU: 0.24, "IO:DataFileRead": 0.06 },
        },
        {
          sql: "INSERT INTO order_events (order_id, kind, body) VALUES ($1, $2, $3)",
          waits: { CPU: 0.13, "IO:WALSync": 0.08 },
        },
        {
          sql: "SELECT sku, qty FROM order_lines WHERE order_id = $1",
          waits: { CPU: 0.12, "IO:DataFileRead": 0.04 },
        },
      ],
      { orders_fn: 0.61, orders_api: 0.37 },
    ),
    logs: [
      {
        file: "error/postgresql.log",
        kind: "error",
        lastWrittenAt: ago(0).toISOString(),
        truncated: true,
        text: Array.from({ length: 160 }, (_, index) => visit(index)).join("\n"),
      },
    ],
    alarm: above("CPUUtilization", 85, [91.4, 92.6, 92.2], 22),
    way: "probe-failed",
  }),
});
