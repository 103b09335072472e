import { describe, expect, it } from "vitest";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import { diagnose } from "../../../functions/core/diagnosis/diagnose.ts";
import { summaryOf } from "../../../functions/core/diagnosis/summary.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { aFinding } from "../../support/diagnosis-builder.ts";
import {
  aConnection,
  aGroup,
  aMetric,
  aProbe,
  type Scene,
  someEvidence,
} from "../../support/evidence-builder.ts";
import { aForest, anIdleTransaction, aRunning } from "../../support/forest-builder.ts";

const verdictOf = (evidence: Evidence) => diagnose(evidence, defaultSettings).verdict;

function without(evidence: Evidence, id: string, status: "skipped" | "timeout" | "failed"): Evidence {
  const silent = { status, reason: "2 s were not enough", rows: [], rowCount: 0 };
  return {
    ...evidence,
    probes: evidence.probes.map((probe) => (probe.id === id ? { ...probe, ...silent } : probe)),
  };
}

describe("the verdict", () => {
  it.each(["postgres", "mysql", "mariadb"] as const)("D7 is well when all was seen of %s", (engine) => {
    expect(verdictOf(someEvidence({ engine }))).toBe("well");
  });

  it.each(["postgres", "mysql", "mariadb"] as const)(
    "D7 is not known when any common question of %s got no answer",
    (engine) => {
      const evidence = someEvidence({ engine });
      for (const { id } of evidence.probes) {
        for (const status of ["skipped", "timeout", "failed"] as const) {
          // Where the lock views are shut for good, everybody's sessions still say who waits.
          const next = status === "skipped" && /-(blocking|row-locks|metadata-locks)$/.test(id);
          const expected = next ? "well" : "unknown";
          expect(verdictOf(without(evidence, id, status)), `${id} ${status}`).toBe(expected);
        }
        const probes = evidence.probes.filter((probe) => probe.id !== id);
        expect(verdictOf({ ...evidence, probes }), `${id} not asked`).toBe("unknown");
      }
    },
  );

  it("D7 is unwell by what was seen, whatever was not", () => {
    const full: Scene = { groups: [aGroup(97)] };
    expect(verdictOf(without(someEvidence(full), "postgres-blocking", "timeout"))).toBe("unwell");
  });

  it("D7 tells a database that cannot be reached from a probing function that broke", () => {
    const gone = aConnection({ status: "not-connected", failedStep: "tcp" });
    const broken = aConnection({ status: "not-tried", detail: "the probing function did not answer" });
    const summaries = [gone, broken].map((connection) => {
      const evidence = someEvidence({ overrides: { connection, probes: [] } });
      const { verdict, connected, unreachable } = summaryOf(
        diagnose(evidence, defaultSettings),
        evidence,
        "e",
      );
      return { verdict, connected, unreachable };
    });
    expect(summaries).toEqual([
      { verdict: "unwell", connected: false, unreachable: true },
      { verdict: "unknown", connected: false, unreachable: false },
    ]);
  });

  it("D7 is not known while what a known cause rests on was not seen again", () => {
    const full = aFinding({ id: "storage-low", key: "storage-low", severity: "P1" });
    const scan = aFinding({ id: "missing-index", key: "missing-index:orders", severity: "P2" });
    const minor = aFinding({ id: "table-bloat", key: "table-bloat:orders", severity: "P3" });
    const quiet = someEvidence();
    const read = someEvidence({ overrides: { metrics: [aMetric("FreeStorageSpace", [8e10])] } });
    const plans = (status: "ok" | "timeout") => aProbe("postgres-plans", [], { status, tier: "performance" });
    const judged = (evidence: Evidence, known: typeof full) =>
      summaryOf(diagnose(evidence, defaultSettings), evidence, "e", [known]).verdict;
    expect(judged(quiet, full)).toBe("unknown");
    expect(judged(read, full)).toBe("well");
    expect(judged(quiet, scan)).toBe("unknown");
    expect(judged({ ...quiet, probes: [...quiet.probes, plans("ok")] }, scan)).toBe("well");
    expect(judged({ ...quiet, probes: [...quiet.probes, plans("timeout")] }, scan)).toBe("unknown");
    expect(judged(quiet, minor)).toBe("well");
  });

  it.each(["postgres", "mysql", "mariadb"] as const)(
    "D7 is not known while sessions of %s wait for a lock that nobody is seen to hold",
    (engine) => {
      const waiting = (seconds: number, object = "orders", objectKind: "table" | "advisory" = "table") => {
        const holder = { who: anIdleTransaction(1, 300) };
        const members = [10, 11, 12].map((id) => ({
          who: aRunning(id, seconds),
          behind: "session:1",
          waits: { object, objectKind, waitSeconds: seconds },
        }));
        const forest = aForest([holder, ...members]);
        const nodes = forest.nodes
          .filter(({ key }) => key !== "session:1")
          .map((node) => ({ ...node, parent: null }));
        return diagnose(someEvidence({ engine, forests: [{ ...forest, nodes }] }), defaultSettings);
      };
      expect(waiting(30)).toMatchObject({
        verdict: "unknown",
        headline: expect.stringContaining(
          "3 sessions wait for table orders, up to 30 s, and who holds it was not seen.",
        ),
      });
      expect(waiting(0.2).verdict).toBe("well");
      expect(waiting(30, "advisory lock 7", "advisory").verdict).toBe("well");
    },
  );
});
