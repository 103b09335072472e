import { calmRds } from "../support/outside/calm.ts";
import { moves, steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "claims-db";
const gib = 1024 ** 3;

/** The end of the newest file: every statement of every client. */
const logged = Array.from(
  { length: 24 },
  (_, index) =>
    `2026-11-29 09:59:${String(20 + index)} UTC:10.4.18.23(51${String(200 + index)}):claims@shop:[${String(4100 + (index % 7))}]:LOG:  statement: SELECT id, state FROM claims WHERE id = ${String(7000 + index)}`,
).join("\n");

const calm = calmRds({
  engine: "postgres",
  vcpus: 2,
  memoryGib: 16,
  freeGib: 84,
  connections: 110,
  cpu: 33,
  iops: 610,
});

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "log_statement was set to all for an audit in the morning: the logs of all statements fill the volume",
  world: (dice) => {
    const since = dice.number(290, 340);
    const left = dice.number(6, 9);
    return {
      instances: [
        instanceOf(id, { Engine: "postgres", EngineVersion: "14.17", DBInstanceClass: "db.m6g.large" }),
      ],
      metrics: {
        ...calm,
        FreeStorageSpace: moves(84 * gib, left * gib, since),
        CPUUtilization: steps(33, 41, since),
        WriteIOPS: steps(366, 520, since),
        WriteThroughput: steps(7.7e6, 13.4e6, since),
      },
      events: [
        told(
          `${id}-params`,
          since + 2,
          "configuration change",
          "Updated parameter log_statement to all with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: new Date(Date.now() - (since + 2) * 60_000).toISOString(),
          source: "cloudtrail",
          subject: `${id}-params`,
          what: "ModifyDBParameterGroup",
          by: "audit-setup",
          detail: "log_statement=all",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 0.7, "IO:WALWrite": 0.1 },
        [
          { sql: "SELECT id, state FROM claims WHERE id = ?", waits: { CPU: 0.4 } },
          { sql: "INSERT INTO claim_events (claim_id, kind) VALUES (?, ?)", waits: { CPU: 0.2 } },
        ],
        { claims: 0.8 },
      ),
      logs: [
        {
          file: "error/postgresql.log.2026-11-29-09",
          kind: "error",
          lastWrittenAt: new Date(Date.now() - 20_000).toISOString(),
          truncated: true,
          text: logged,
        },
      ],
      alarm: below("FreeStorageSpace", 20 * gib, [19.6 * gib, 19.3 * gib, 19.1 * gib], 48),
      way: "probe-failed",
    };
  },
});
