import { describe, expect, it } from "vitest";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { mysqlWaitKind } from "../../functions/core/probes/mysql/wait-kinds.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { aGroup, aMetric } from "../support/evidence-builder.ts";
import { aSession } from "../support/forest-builder.ts";
import { aDigest, lookedDeeper } from "../support/statement-builder.ts";
import { type WaitEntry, waitTable } from "./support/outside/wait-worlds.ts";

const statements = [
  "SELECT `id` , `state` FROM `orders` WHERE `customer_id` = ?",
  "UPDATE `stock` SET `free` = `free` - ? WHERE `sku` = ?",
  "INSERT INTO `order_events` ( `order_id` , `kind` ) VALUES (...)",
];

interface Seen {
  readonly name: string;
  readonly isEvent: boolean;
  readonly kind: ReturnType<typeof mysqlWaitKind>;
}

/** Aurora leaves "wait/" out in Performance Insights, and not in performance_schema. */
function seenAs({ name }: Pick<WaitEntry, "name">): Seen {
  const isEvent = /^(?:wait|io|synch|lock)\//i.test(name);
  const whole = isEvent && !name.startsWith("wait/") ? `wait/${name}` : name;
  return {
    name: whole,
    isEvent,
    kind: mysqlWaitKind(isEvent ? whole : null, isEvent ? null : name, isEvent),
  };
}

/** So many sessions at a time on 2 vCPUs, whose statements take so long. */
function lookedAt(entry: WaitEntry, count: number, seconds: number) {
  const { name, kind, isEvent } = seenAs(entry);
  if (kind === "idle") throw new Error(`${name} is no work`);
  const at = { statementSeconds: seconds, stateSeconds: seconds, transactionSeconds: seconds };
  const rest = { kind: isEvent ? "cpu" : "work", name: isEvent ? "on CPU" : "executing", meanSeconds: 0.01 };
  const profile = {
    ...{ samples: 10, windowSeconds: 1, notSeen: null, howToSee: null, threadsRunning: count + 1 },
    toldBy: isEvent ? "wait-events" : "thread-states",
    waits: [
      { kind, name, observations: 10 * count, averageSessions: count, percent: 97, meanSeconds: seconds },
      { ...rest, observations: 9, averageSessions: 0.9, percent: 3 },
    ],
  };
  const now = { callsPerSecond: count / 3 / seconds, averageSessions: count / 3, percentOfTime: 33 };
  const view = lookedDeeper(
    {
      "mysql-wait-profile": [profile],
      "mysql-statement-digests": statements.map((query, place) =>
        aDigest({ digest: `${place}`, query, now: { ...now, meanSeconds: seconds } }),
      ),
    },
    {
      engine: entry.engines[0] === "M" ? "mariadb" : "mysql",
      sessions: Array.from({ length: count }, (_, place) =>
        aSession(100 + place, { ...at, waitEvent: name, query: statements[place % 3] ?? null }),
      ),
      groups: [aGroup(count, { state: "active" }), aGroup(50, { state: "idle" })],
      server: { maxConnections: 3000 },
      overrides: {
        metrics: [
          aMetric("CPUUtilization", Array(10).fill(30)),
          aMetric("DBLoad", Array(10).fill(count + 1)),
        ],
      },
    },
  );
  const { verdict, findings, rootCauses } = diagnose(view.evidence, defaultSettings);
  const roots = findings.filter(({ key }) => rootCauses.includes(key));
  return { verdict, roots: roots.filter(({ severity }) => severity !== "P3").map(({ id }) => id) };
}

/** Locks are told by who looks at them, and clients by what they take. */
const rows = waitTable.filter((entry) => !/^(?:idle|lock|client)$/.test(seenAs(entry).kind));
const queues = rows.filter(
  (entry) =>
    /^(?:latch|log|replica)$/.test(seenAs(entry).kind) &&
    entry.roots.every((root) => /^(?:latch-contention|commit-stall)/.test(root)) &&
    // Conditions that one sleeps at on purpose while nothing is written.
    !/SERVER_THREAD/.test(entry.name),
);

describe("what a look inside sees MySQL's and MariaDB's sessions wait for", () => {
  it.each(rows)("D7 thirty of them at $name are never well", (entry) => {
    expect(lookedAt(entry, 30, 4).verdict).not.toBe("well");
  });

  it.each(queues)("D4 thirty of them at $name are told as $roots", (entry) => {
    const { roots } = lookedAt(entry, 30, 4);
    expect(entry.roots.map((root) => root.split(":")[0])).toContain(roots[0] ?? "nothing");
  });

  it.each(rows)("D7 two of them at $name for a moment raise nobody", (entry) => {
    expect(lookedAt(entry, 2, 0.02)).toEqual({ verdict: "well", roots: [] });
  });
});
