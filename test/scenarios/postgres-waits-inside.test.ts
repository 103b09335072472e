import { describe, expect, it } from "vitest";
import type { CauseId } from "../../functions/core/contract/cause-ids.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../functions/core/settings.ts";
import { aGroup, aMetric } from "../support/evidence-builder.ts";
import { aSession } from "../support/forest-builder.ts";
import { aStatement, lookedDeeper } from "../support/statement-builder.ts";
import { waitsByCause } from "./support/outside/postgres-waits.ts";

/** What the wait profile of a look inside shows is told as what Performance Insights shows. */
const statements = [
  "SELECT o.* FROM orders o WHERE o.customer_id = $1 ORDER BY o.created_at DESC LIMIT $2",
  "UPDATE stock SET amount = amount - $1 WHERE article_id = $2",
  "INSERT INTO order_lines (order_id, article_id, amount) VALUES ($1, $2, $3)",
];

interface Crowd {
  /** At a time, on 2 vCPUs; each of their statements takes so long. */
  readonly sessions: number;
  readonly seconds: number;
  readonly isMeasured: boolean;
  /** Of minutes; what stands at the waits and one more where it is left out. */
  readonly load?: number;
}

function lookedAt(name: string, { sessions: count, seconds, isMeasured, load = count + 1 }: Crowd) {
  const [waitEventType = null, waitEvent = null] = name.split(":");
  const at = { statementSeconds: seconds, stateSeconds: seconds, transactionSeconds: seconds };
  const sessions = Array.from({ length: count }, (_, place) =>
    aSession(100 + place, { ...at, waitEvent: name, query: statements[place % 3] ?? null }),
  );
  const look = { samples: 10, windowSeconds: 1, distinctSessions: count, query: statements[0] ?? null };
  const profile = [
    { ...look, waitEventType, waitEvent, observations: 10 * count, averageSessions: count, percent: 97 },
    { ...look, waitEventType: null, waitEvent: null, observations: 9, averageSessions: 0.9, percent: 3 },
  ];
  const now = { callsPerSecond: count / 3 / seconds, averageSessions: count / 3, percentOfTime: 33 };
  const measured = [
    aMetric("CPUUtilization", Array(10).fill(30)),
    aMetric("DBLoad", Array(10).fill(load)),
    aMetric("DatabaseConnections", Array(10).fill(90)),
    ...(load > count ? [] : ["ReadLatency", "WriteLatency"].map((id) => aMetric(id, Array(10).fill(0.001)))),
  ];
  const view = lookedDeeper(
    {
      "postgres-wait-profile": profile,
      "postgres-top-statements": statements.map((query, place) =>
        aStatement({ queryId: `${place}`, query, now: { ...now, meanSeconds: seconds } }),
      ),
    },
    {
      sessions,
      groups: [aGroup(count, { state: "active" }), aGroup(50, { state: "idle" })],
      server: { maxConnections: 3000 },
      overrides: isMeasured ? { metrics: measured } : {},
    },
  );
  const { verdict, findings, rootCauses } = diagnose(view.evidence, defaultSettings);
  const roots = findings.filter(({ key }) => rootCauses.includes(key));
  return { verdict, roots: roots.map(({ id, severity }) => ({ id, severity })) };
}

/** Told by the locks themselves, and of clients by what they have sent. */
const byOthers = /^(?:Lock:(?!extend|page)|Client:)/;
/** Who reads pages or sorts on disk works; what writes pages or the log waits for storage. */
const alike: Partial<Record<CauseId, readonly string[]>> = {
  "io-saturated": ["expensive-statement"],
  "spilling-query": ["expensive-statement"],
  "commit-stall": ["io-saturated", "expensive-statement"],
  "write-stall": ["io-saturated"],
  "latch-contention": ["io-saturated", "expensive-statement"],
};

const rows = Object.entries(waitsByCause).flatMap(([cause, names]) =>
  names.filter((name) => !byOthers.test(name)).map((name) => [name, cause as CauseId] as const),
);

describe.each([true, false])(
  "a crowd of PostgreSQL's sessions at one wait, measured outside: %s",
  (isMeasured) => {
    it.each(rows)("D4 %s is told as %s", (name, cause) => {
      const { verdict, roots } = lookedAt(name, { sessions: 30, seconds: 4, isMeasured });
      expect(verdict).toBe("unwell");
      expect([cause, ...(alike[cause] ?? [])]).toContain(roots[0]?.id);
    });
  },
);

/** One session in ten that waits for them is told already, whatever the load. */
const atOnce: readonly CauseId[] = ["subtransaction-overflow", "wraparound-risk", "lock-manager-contention"];

describe.each([true, false])("two of them for a moment, measured outside: %s", (isMeasured) => {
  it.each(rows.filter(([, cause]) => !atOnce.includes(cause)))("D7 %s raises nobody", (name) => {
    const { verdict, roots } = lookedAt(name, { sessions: 2, seconds: 0.02, isMeasured });
    expect(roots.filter(({ severity }) => severity !== "P3")).toEqual([]);
    expect(verdict).toBe("well");
  });
});

describe("eight of them for one look, in statements of a hundredth of a second", () => {
  it.each(rows.filter(([, cause]) => !atOnce.includes(cause)))("D7 %s raises nobody", (name) => {
    const { roots } = lookedAt(name, { sessions: 8, seconds: 0.01, isMeasured: true, load: 2.4 });
    expect(roots.filter(({ severity }) => severity !== "P3")).toEqual([]);
  });
});
