import { describe, expect, it } from "vitest";
import { failoverHappened } from "../../../../functions/core/rules/availability/failover-happened.ts";
import { authFailures } from "../../../../functions/core/rules/connections/auth-failures.ts";
import { cpuSaturated } from "../../../../functions/core/rules/resources/cpu-saturated.ts";
import { aConnection, aMetric, aTarget } from "../../../support/evidence-builder.ts";
import { anEvent, held, metricView } from "../../../support/metric-scene.ts";

const alike = { instanceClass: "db.r6g.xlarge", vcpus: 4 };
const noSlot = aConnection({ status: "not-connected", failedStep: "no-free-slot", refusedWith: "1040" });
const silent = aConnection({ status: "not-connected", failedStep: "handshake" });

interface Seen {
  readonly minutesAgo?: number;
  readonly connection?: ReturnType<typeof aConnection>;
  /** Of the former writer, before and after. */
  readonly before?: number;
  readonly stage?: string;
  readonly others?: string;
  readonly refused?: number;
  /** When its first word was said; null: it was lost. */
  readonly began?: number | null;
  readonly attempts?: number;
  readonly role?: "writer" | "reader";
  readonly connections?: readonly number[];
  readonly cpu?: readonly number[];
}

/** Ten minutes ago the writer has moved to where a reader was; fourteen minutes are measured. */
function seen({
  minutesAgo = 10,
  connection = noSlot,
  before = 38,
  stage,
  others = "main",
  refused = 0.4,
  began = null,
  attempts = 5400,
  role = "writer",
  connections = [74, 74, 74, ...held(2000, 11)],
  cpu = [9, 9, 9, ...held(96, 11)],
}: Seen = {}) {
  const message = stage ?? "Completed failover to DB instance: orders-db";
  const own = [
    aMetric("CPUUtilization", cpu),
    aMetric("LoginFailures", held(refused)),
    aMetric("ConnectionAttempts", held(attempts)),
    aMetric("DatabaseConnections", connections),
  ];
  // Of other members the highest of the window is read, and no points.
  const former = {
    subject: others,
    latest: 6,
    at: own[0]?.points.at(-1)?.at ?? null,
    peak: before,
    lowest: 6,
  };
  return metricView({
    readings: { CPUUtilization: former },
    self: alike,
    others: [{ id: "main", role: "reader", ...alike }],
    events: [
      anEvent(minutesAgo, "failover", message),
      ...(began === null
        ? []
        : [anEvent(began, "failover", "Started cross AZ failover to DB instance: orders-db")]),
    ],
    overrides: {
      connection,
      target: aTarget({ engine: "mysql", flavour: "aurora", clusterId: "shop", role }),
      metrics: own,
    },
  });
}

const failover = (of: Seen = {}) => failoverHappened.evaluate(seen(of))[0];
const blamed = (of: Seen = {}) => failover(of)?.explains.some(({ cause }) => cause === "cpu-saturated");
const offered = (of: Seen = {}) => cpuSaturated.evaluate({ ...seen(of), sessions: null })[0]?.actions[0];

describe("a writer that has moved, and clients that take all of its slots at once", () => {
  it("D3 explains the CPU that was free before it, and says that no slot is left", () => {
    expect(failover()?.summary).toContain("come back faster than it takes them: no slot is left");
    expect(blamed()).toBe(true);
    // By its first word less has to be seen before it: the window reaches back to 14 min ago.
    expect(blamed({ minutesAgo: 12 })).toBe(false);
    expect(blamed({ minutesAgo: 12, began: 12.5 })).toBe(true);
    expect(blamed({ minutesAgo: 10, began: 14 })).toBe(false);
  });

  it("D8 no larger class is offered, which restarts it once more", () => {
    expect(offered()?.automatic).toBe(false);
    expect(offered()?.preview).toContain("all of them come once more");
  });

  it("D3 explains no CPU that was full before it, where it was not seen, and where nobody was refused", () => {
    // It may have moved for that; a restart in the midst of it helps nobody all the same.
    expect(blamed({ before: 97 })).toBe(false);
    expect(offered({ before: 97 })?.preview).toContain("come once more");
    // They came later, or had been there all the time.
    const later = { connections: [...held(820, 10), ...held(2000, 4)] };
    const always = { connections: held(2000, 14) };
    for (const other of [{ connection: silent }, { minutesAgo: 40 }, later, always]) {
      expect(failover(other)?.summary).not.toContain("no slot is left");
      expect(blamed(other)).toBe(false);
      expect(offered(other)?.preview).not.toContain("come once more");
    }
    expect(blamed({ others: "nobody" })).toBe(false);
    expect(offered({ others: "nobody" })?.preview).toContain("come once more");
    // It worked well for minutes, and something fills it since.
    expect(blamed({ cpu: [...held(39, 10), ...held(97, 4)] })).toBe(false);
    expect(blamed({ stage: "Started cross AZ failover to DB instance: orders-db" })).toBe(false);
  });

  it("D3 is told of the one that it moved to alone", () => {
    const elsewhere = { stage: "Completed failover to DB instance: third" };
    for (const other of [elsewhere, { role: "reader" as const }]) {
      expect(failover(other)?.summary).not.toContain("no slot is left");
      expect(offered(other)?.preview).not.toContain("come once more");
      expect(authFailures.evaluate(seen(other))).toHaveLength(1);
    }
  });

  it("D4 some refused sign-ins that are counted meanwhile are no cause of their own, and are one else", () => {
    expect(authFailures.evaluate(seen())).toEqual([]);
    expect(authFailures.evaluate(seen({ connection: silent }))).toHaveLength(1);
    expect(authFailures.evaluate(seen({ minutesAgo: 40 }))).toHaveLength(1);
    // A password that was changed with it.
    expect(authFailures.evaluate(seen({ refused: 8 }))).toHaveLength(1);
    expect(authFailures.evaluate(seen({ refused: 0.95, attempts: 60 }))).toHaveLength(1);
    const beside = (of: Seen = {}) => (failover(of)?.evidence ?? []).map(({ says }) => says).join("\n");
    expect(beside({ refused: 0.95, attempts: 60 })).not.toContain("counted beside");
    expect(beside()).toContain("24 refused sign-ins a minute are counted beside");
  });
});
