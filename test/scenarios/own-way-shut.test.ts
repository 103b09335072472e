import { describe, expect, it } from "vitest";
import { type Curves, during, gapped, turns, until, usual } from "./support/outside/curves.ts";
import { above, below, told as event } from "./support/outside/described.ts";
import {
  type Flavour,
  ordinary,
  ordinaryId,
  rootsOf,
  shut,
  told,
  type Unlike,
} from "./support/outside/ordinary.ts";
import { jumps } from "./support/outside/server-stopped.ts";

const gib = 1024 ** 3;
const lowStorage = below("FreeStorageSpace", 125 * gib, [121 * gib, 121 * gib, 121 * gib], 40);
const onCpu = above("CPUUtilization", 25, [31, 32, 31], 40);
const calm = ordinary("postgres").metrics;
const since = (minutes: number, name: string, to: number): Curves => ({
  [name]: turns(calm[name] ?? usual(0), minutes, to),
});

async function unreachable(flavour: Flavour, unlike: Unlike) {
  const diagnosis = await told(ordinary(flavour, { alarm: lowStorage, inPart: shut(), ...unlike }));
  const finding = diagnosis.findings.find(({ id }) => id === "database-unreachable");
  return { finding, roots: rootsOf(diagnosis).map(({ id, severity }) => `${id} ${severity}`) };
}

describe("packets that vanish while clients work", () => {
  it.each(["postgres", "mysql", "aurora-postgres", "aurora-mysql"] as const)(
    "D7 %s: the responder's own way may be what is shut, which is no outage",
    async (flavour) => {
      const { finding, roots } = await unreachable(flavour, {
        alarm: flavour.startsWith("aurora") ? onCpu : lowStorage,
      });
      expect(finding?.severity).toBe("P2");
      expect(finding?.summary).toContain("clients seem to work: only the responder's way may be shut");
      expect(roots.at(-1)).toBe("database-unreachable P2");
    },
  );

  it("D7 what else is proved comes before it", async () => {
    const free = (ago: number) => (ago > 200 ? 9 : 5 + ago / 50) * gib;
    const alarm = below("FreeStorageSpace", 10 * gib, [9.2 * gib, 9.1 * gib, 9 * gib], 40);
    const { roots } = await unreachable("postgres", { metrics: { FreeStorageSpace: free }, alarm });
    expect(roots).toEqual([expect.stringMatching(/^storage-low P[12]$/), "database-unreachable P2"]);
  });
});

const dead = ["CPUUtilization", "WriteIOPS", "NetworkReceiveThroughput", "NetworkTransmitThroughput"];
const counter: Readonly<Record<string, Unlike>> = {
  "a database that died, whose last minutes were calm": { alarm: above("CPUUtilization", 25, [31], 1) },
  "a host that is frozen: its metrics stopped four minutes ago": { metrics: gapped(calm, 4, 0) },
  "one metric that stopped": { metrics: { WriteIOPS: until(5, usual(370)) } },
  "storage that hangs: connections stand, nothing is written": {
    metrics: { ...since(6, "WriteIOPS", 0), ...since(6, "ReadIOPS", 0) },
  },
  "storage that hangs: latency": { metrics: since(4, "WriteLatency", 2.5) },
  "sessions that pile up": { metrics: since(4, "DBLoad", 40) },
  "connections that nobody can close, without traffic": {
    metrics: {
      DatabaseConnections: jumps(96, 0, 96),
      ...since(3, "NetworkReceiveThroughput", 900),
      ...since(3, "NetworkTransmitThroughput", 900),
    },
  },
  "everything that falls within the last minutes": {
    metrics: Object.assign({}, ...dead.map((name) => since(3, name, 0))),
  },
  "a pool that stands idle, as ever": {
    metrics: {
      CPUUtilization: usual(4),
      NetworkReceiveThroughput: usual(9000),
      NetworkTransmitThroughput: usual(14_000),
    },
  },
  "nobody connected": { metrics: { DatabaseConnections: usual(0) } },
  "more clients at once": { metrics: since(4, "DatabaseConnections", 190) },
  "no hours to compare with": { metrics: gapped(calm, 200, 16) },
  "a port that is refused": { inPart: shut({ detail: "connect ECONNREFUSED 10.0.3.4:5432" }) },
  "a server that is silent": { inPart: shut({ failedStep: "handshake" }) },
  "a name that does not resolve": { inPart: shut({ failedStep: "name-resolution" }) },
  "an alarm on too few connections": { alarm: below("DatabaseConnections", 100, [96, 96, 96], 40) },
  "an alarm of the clients' own": {
    alarm: { ...above("HTTPCode_Target_5XX_Count", 10, [80, 90, 91], 40) },
  },
  "an event instead of an alarm": {
    alarm: undefined as never,
    notice: {
      id: "RDS-EVENT-0006",
      category: "availability",
      message: "DB instance restarted",
      minutesAgo: 40,
    },
  },
  "a restart a quarter of an hour ago": {
    events: [event(ordinaryId, 14, "availability", "DB instance restarted")],
  },
  "RDS at work on it": { self: { DBInstanceStatus: "storage-initialization" } },
  "a dip that is over, and nothing since": { metrics: { CPUUtilization: during(5, 3, 0, 31) } },
};

describe("packets that vanish, and no proof that anybody is served", () => {
  it.each(Object.entries(counter))("D7 stays an outage: %s", async (_, unlike) => {
    const { finding } = await unreachable("postgres", unlike);
    expect(finding?.severity).toBe("P0");
  });
});
