import { describe, expect, it } from "vitest";
import { insideWriter } from "../../../functions/core/facts/inside-writer.ts";
import { aRunning } from "../../support/forest-builder.ts";
import { metricView } from "../../support/metric-scene.ts";
import { aStatement, lookedDeeper } from "../../support/statement-builder.ts";

describe("who writes most by what the engine tells", () => {
  const writer = (...sessions: ReturnType<typeof aRunning>[]) => insideWriter(metricView({ sessions }));

  it("M3 is a statement that has run for long, which nothing counts before it ends", () => {
    const copy = aRunning(4, 600, {
      application: "archiver",
      query: "INSERT INTO archive SELECT * FROM events",
    });
    expect(writer(aRunning(3, 900, { query: "SELECT * FROM events" }), copy)).toBe(
      "INSERT INTO archive SELECT * FROM events (running for 10 min, app archiver)",
    );
  });

  it("M3 is nobody where the writes are short, the responder's own or a replica's", () => {
    const query = "INSERT INTO archive SELECT * FROM events";
    expect(writer(aRunning(4, 0.2, { query }))).toBeNull();
    expect(writer(aRunning(4, 600, { query, own: true }))).toBeNull();
    expect(writer(aRunning(4, 600, { query, kind: "replication" }))).toBeNull();
    expect(writer()).toBeNull();
  });

  it("M3 is a quick statement, too, that writes much WAL, its triggers' with it, before one that is only busy", () => {
    const written = (...now: readonly Partial<ReturnType<typeof aStatement>["now"]>[]) =>
      insideWriter(
        lookedDeeper({
          "postgres-top-statements": now.map((one, index) =>
            aStatement({ queryId: String(index), query: `UPDATE t${index} SET n = $1`, now: one }),
          ),
        }),
      );
    const quick = { averageSessions: 0.02, walBytesPerSecond: 5e6 };
    expect(written(quick, { averageSessions: 0.6, walBytesPerSecond: 1e5 })).toContain("UPDATE t0 ");
    expect(written({ ...quick, walBytesPerSecond: 1e6 })).toBeNull();
  });
});
