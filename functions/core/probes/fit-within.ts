import type { ProbeReport, ProbeResult } from "../contract/evidence.ts";

/** Cuts rows from the end of whatever is largest until the report's JSON fits. Rows come most important first. */
export function fitWithin(report: ProbeReport, maxBytes: number): ProbeReport {
  let probes = report.probes;
  const fixed = bytesOf({ ...report, probes: [] });
  for (;;) {
    const sizes = probes.map((probe) => bytesOf(probe));
    const total = sizes.reduce((sum, size) => sum + size, fixed);
    // An answer of one row is all or nothing (who waits for whom): it goes last.
    const cuttable = sizes.map((size, index) => ((probes[index]?.rows.length ?? 0) > 1 ? size : 0));
    const largestOf = cuttable.some((size) => size > 0) ? cuttable : sizes;
    const largest = largestOf.indexOf(Math.max(...largestOf));
    if (total <= maxBytes || !probes.some(({ rows }) => rows.length > 0)) return { ...report, probes };
    probes = probes.map((probe, index) => (index === largest ? cut(probe) : probe));
  }
}

function cut(probe: ProbeResult): ProbeResult {
  if (probe.rows.length > 1) {
    const rows = probe.rows.slice(0, Math.ceil(probe.rows.length / 2));
    return { ...probe, rows, truncated: true };
  }
  // An answer of one row has no less important part, and no rows at all would read as "nothing found".
  const reason = "the answer is larger than a report may be";
  return { ...probe, status: "failed", reason, rows: [], truncated: probe.rowCount > 0 };
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
