import type { Severity } from "../../contract/finding.ts";
import type { Pressure } from "../../facts/cpu-pressure.ts";
import { toldMaintenance } from "../../facts/maintenance-told.ts";
import { dbLoad } from "../../facts/outside-load.ts";
import { fromOutside, vcpusOfTarget } from "../../facts/rds-facts.ts";
import { worstOf } from "../../facts/severity.ts";
import type { View } from "../../facts/view.ts";
import { sentenceCase } from "../../text/sentence-case.ts";
import { list } from "../../text/wording.ts";
import type { FindingDraft } from "../define.ts";

/**
 * What Performance Insights and the log say of maintenance while something is short, also a CPU for which no session
 * queues: background work takes it, and no sampled session does. Nothing is offered: to stop a vacuum or a checkpoint
 * is no cure.
 */
export function toldMaintenanceDrafts(
  view: View,
  { cpu, io }: { readonly cpu: Pressure | null; readonly io: Pressure | null },
): readonly FindingDraft[] {
  const short = [cpu, io].filter((one) => one !== null && (one.severity !== "P3" || one.unqueued === true));
  if (short.length === 0) return [];
  const severity = severityOf(view, short);
  return toldMaintenance(view).map(({ subject, says, source, evidence, wraparound }) => ({
    subject,
    severity,
    confidence: fromOutside(view, 0.75),
    summary: `${sentenceCase(says)}, while ${list(short.map((one) => one?.says.split(";")[0] ?? ""))}`,
    evidence: [
      ...evidence.map((line) => ({ source, says: line })),
      ...(wraparound ? [{ source, says: "it freezes rows: stopped, it has to begin again" }] : []),
    ],
    explains: [
      ...(cpu === null ? [] : [{ cause: "cpu-saturated" as const, because: "this work takes the CPU" }]),
      ...(io === null ? [] : [{ cause: "io-saturated" as const, because: "it reads and writes the volume" }]),
      { cause: "replication-lag", because: "what it rewrites goes through the log to every replica" },
    ],
    actions: [],
  }));
}

/** A CPU that is busy and that nobody waits for is a note, unless the sessions wait for something else meanwhile. */
function severityOf(view: View, short: readonly (Pressure | null)[]): Severity {
  const worst = worstOf(short.flatMap((one) => one?.severity ?? [])) ?? "P3";
  const crowded = (dbLoad(view) ?? 0) >= (vcpusOfTarget(view) ?? 2);
  return worst === "P3" && crowded ? "P2" : worst;
}
