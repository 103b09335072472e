import type { Evidence, ProbeReport } from "../../functions/core/contract/evidence.ts";
import type { Diagnosis } from "../../functions/core/contract/finding.ts";
import { diagnosisMessage } from "../../functions/core/messages/diagnosis-message.ts";
import { renderText } from "../../functions/core/messages/text.ts";
import { visibleJson } from "../../functions/core/text/visible.ts";
import { type ExitCode, exitCodes, type Io } from "./command.ts";

export type Format = "text" | "json";

/** What the probes brought, as evidence without metrics: the command line asks the database and nobody else. */
export function evidenceOf(report: Omit<ProbeReport, "schema">): Evidence {
  const { target, collectedAt, connection, probes } = report;
  return {
    schema: "evidence.v1",
    target,
    signal: null,
    collectedAt,
    connection,
    probes,
    metrics: [],
    missing: [],
    context: null,
  };
}

/** Prints a diagnosis and gives the exit code that SPEC K fixes for it. */
export function present(
  evidence: Evidence,
  diagnosis: Diagnosis,
  tookMs: number,
  format: Format,
  io: Io,
): ExitCode {
  io.out(
    format === "json"
      ? visibleJson(JSON.stringify(asJson(evidence, diagnosis, tookMs), null, 2))
      : renderText(diagnosisMessage(diagnosis, evidence, tookMs)),
  );
  return exitCodeOf(evidence, diagnosis);
}

/** SPEC K: what a script learns without reading the text. */
export function exitCodeOf({ connection }: Evidence, { findings }: Diagnosis): ExitCode {
  if (connection.status === "not-connected") return exitCodes.notConnected;
  return findings.some(({ severity }) => severity !== "P3") ? exitCodes.findings : exitCodes.healthy;
}

/** The shape that SPEC K fixes, and the rest of the diagnosis beside it. */
function asJson(evidence: Evidence, diagnosis: Diagnosis, tookMs: number) {
  const { headline, severity, confidence, rootCauses, findings, path, missing } = diagnosis;
  return {
    target: evidence.target,
    signal: evidence.signal,
    headline,
    severity,
    confidence,
    rootCauses,
    connection: evidence.connection,
    evidence: evidence.probes,
    findings,
    path,
    missing,
    tookMs,
  };
}
