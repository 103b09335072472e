import { describe, expect, it } from "vitest";
import { insideWriter } from "../../../functions/core/facts/inside-writer.ts";
import { aRunning } from "../../support/forest-builder.ts";
import { metricView } from "../../support/metric-scene.ts";

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
});
