import { describe, expect, it } from "vitest";
import { cleanLog } from "../../../../functions/core/context/clean-log.ts";
import { postgresToldByLog } from "../../../../functions/core/rules/postgres-told-by-log.ts";
import { aConnection, collectedAt } from "../../../support/evidence-builder.ts";
import { metricView } from "../../../support/metric-scene.ts";

const portion = { file: "error/x.log", kind: "error", lastWrittenAt: null, truncated: false } as const;
const options = { dialect: "postgres", queryText: "normalised", maxLines: 40, maxLineLength: 500 } as const;

function told(count: number, agoSeconds: number, more: readonly string[] = []) {
  const lines = Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.parse(collectedAt) - 1000 * (agoSeconds + count - at))
      .toISOString()
      .slice(0, 19);
    const head = `${time.replace("T", " ")} UTC:10.0.0.7(54):app@parcels:[${8000 + at}]:`;
    return [
      'ERROR:  nextval: reached maximum value of sequence "scan_events_id_seq" (2147483647)',
      ...more,
      "STATEMENT:  INSERT INTO scan_events (parcel_id, hub) VALUES ($1, $2) RETURNING id",
    ].map((text) => head + text);
  });
  const view = metricView({
    context: { logs: [cleanLog({ ...portion, text: lines.flat().join("\n") }, options)] },
    overrides: { connection: aConnection({ status: "not-tried" }), probes: [] },
  });
  return postgresToldByLog(view, [])[0];
}

describe("a sequence that has ended, by the log alone", () => {
  it("D4 is named with the statement whose INSERTs fail, and what to do", () => {
    const found = told(12, 20);
    expect(found).toMatchObject({ id: "key-exhausted", severity: "P1", actions: [] });
    expect(found?.summary).toMatch(
      /^A sequence has ended, and INSERTs fail: nextval: reached maximum value of sequence "scan_events_id_seq" \(\?\) \(12 lines of the log in 1 min, app in parcels, the last 21 s ago\)$/,
    );
    expect(JSON.stringify(found?.evidence)).toMatch(/INSERT INTO scan_events.*MINVALUE/);
  });

  it("D4 is none where one or two have asked, or nobody of late", () => {
    expect(told(2, 20)).toBeUndefined();
    expect(told(12, 600)).toBeUndefined();
    expect(told(12, 1200)).toBeUndefined();
  });

  it("D4 is none where an application has raised those words", () => {
    const raised = ["CONTEXT:  PL/pgSQL function next_number() line 3 at RAISE"];
    expect(told(12, 20, raised)).toBeUndefined();
  });
});
