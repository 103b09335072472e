import { describe, expect, it } from "vitest";
import type { CauseId } from "../../../functions/core/contract/cause-ids.ts";
import type { Evidence } from "../../../functions/core/contract/evidence.ts";
import type { LogExcerpt } from "../../../functions/core/contract/log-excerpt.ts";
import { verdictAfter, wasLookedFor } from "../../../functions/core/diagnosis/verdict.ts";
import { aProbe } from "../../support/evidence-builder.ts";
import { kindView } from "../../support/kind-scene.ts";

const { evidence } = kindView("rds-instance");

describe("whether a known cause was looked for again", () => {
  it.each([
    ["maintenance-due", "pending maintenance"],
    ["parameter-drift", "parameters of the members' groups"],
    ["certificate-expiring", "topology"],
  ])("D7 %s was not, where RDS did not answer for its %s", (id, what) => {
    const unanswered = { what, reason: "throttled", howToSee: null };
    expect(wasLookedFor(id, evidence)).toBe(true);
    expect(wasLookedFor(id, { ...evidence, missing: [unanswered] })).toBe(false);
  });

  const read = { file: "error/x.log", kind: "error", lastWrittenAt: null } as const;
  const lines = ["2026-11-21 09:58:01 UTC::@:[412]:LOG: checkpoint starting: time"];
  function withLog(log: Partial<LogExcerpt> | null, missing: Evidence["missing"] = []) {
    const { context } = evidence;
    if (!context) throw new Error("the scene has no context");
    const logs = log === null ? null : [{ ...read, truncated: false, ...log, lines: log?.lines ?? lines }];
    const probes = [...evidence.probes, aProbe("postgres-database-rates", [])];
    return { ...evidence, probes, missing: [...missing], context: { ...context, logs } };
  }

  it("D7 what the log told was not, where the log was not read, or for damage not whole", () => {
    const lost = (what: string, howToSee: string | null) => [{ what, reason: "throttled", howToSee }];
    for (const id of ["data-corruption-suspected", "auth-failures", "temporary-space-full"]) {
      expect(wasLookedFor(id, withLog(null))).toBe(false);
      for (const what of [
        "database logs",
        "list of log files",
        "log file error/x.log",
        "half of the log lines",
      ])
        expect(wasLookedFor(id, withLog({}, lost(what, null)))).toBe(false);
    }
    for (const id of ["data-corruption-suspected", "auth-failures"]) {
      expect(wasLookedFor(id, withLog({}))).toBe(true);
      expect(wasLookedFor(id, withLog(null, lost("list of log files", "allow rds:DescribeDBLogFiles")))).toBe(
        true,
      );
    }
    expect(wasLookedFor("auth-failures", withLog({ truncated: true }))).toBe(true);
    expect(wasLookedFor("data-corruption-suspected", withLog({ truncated: true }))).toBe(false);
    expect(wasLookedFor("data-corruption-suspected", withLog({ truncated: true, wholeSince: null }))).toBe(
      true,
    );
  });

  it("D7 what the log told is gone only where the log was read again, whatever its rule needs, and damage never", () => {
    const told = (id: CauseId, source: string) => [
      { id, severity: "P2" as const, evidence: [{ source, says: "12 errors in the last 15 min" }] },
    ];
    const next = (known: ReturnType<typeof told>, seen: Evidence) =>
      verdictAfter({ verdict: "well" }, seen, known);
    const storm = told("error-storm", "error log");
    expect(next(storm, withLog({}))).toBe("well");
    expect(next(storm, withLog(null))).toBe("unknown");
    const denied = { what: "list of log files", reason: "denied", howToSee: "allow rds:DescribeDBLogFiles" };
    expect(next(storm, withLog(null, [denied]))).toBe("unknown");
    expect(next(told("error-storm", "postgres-database-rates"), withLog(null))).toBe("well");
    expect(next(told("data-corruption-suspected", "error/postgresql.log.2026-11-28-22"), withLog({}))).toBe(
      "unknown",
    );
  });
});
