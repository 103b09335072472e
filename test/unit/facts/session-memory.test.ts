import { describe, expect, it } from "vitest";
import { sessionMemory } from "../../../functions/core/facts/session-memory.ts";
import type { MysqlMemoryRow } from "../../../functions/core/probes/mysql/memory-rows.ts";
import { aProbe, aTarget, aView, someEvidence } from "../../support/evidence-builder.ts";
import { aRunning } from "../../support/forest-builder.ts";

const mib = 1024 ** 2;

function memoryOf(sessions: MysqlMemoryRow["sessions"]) {
  const row: MysqlMemoryRow = { bufferPoolBytes: 512 * mib, sessions, consumers: null };
  const { probes } = someEvidence({ engine: "mysql", sessions: [aRunning(7, 40)] });
  const target = aTarget({ engine: "mysql", instanceClass: "db.t4g.micro" });
  return sessionMemory(
    aView({ engine: "mysql", overrides: { target, probes: [...probes, aProbe("mysql-memory", [row])] } }),
  );
}

describe("memory of sessions", () => {
  it("M1 names the one that takes a tenth of the instance, or all that take a quarter together", () => {
    const one = memoryOf({ count: 40, bytes: 200 * mib, largest: [{ id: 7, bytes: 110 * mib }] });
    expect(one.ending).toMatch(/^; one session takes 11 % of all: .*connection 7 110 MiB$/);
    const many = memoryOf({ count: 400, bytes: 300 * mib, largest: [{ id: 7, bytes: mib }] });
    expect(many.ending).toBe("; 400 sessions take 300 MiB, 29 % of all");
  });

  it("D7 says nothing in the summary of sessions that take little, or are not counted", () => {
    expect(memoryOf({ count: 40, bytes: 40 * mib, largest: [{ id: 7, bytes: mib }] })).toMatchObject({
      ending: "",
    });
    expect(memoryOf(null)).toEqual({
      ending: "",
      evidence: [{ source: "mysql-memory", says: "the buffer pool may take 512 MiB" }],
    });
  });
});
