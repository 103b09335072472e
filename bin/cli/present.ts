import type { Evidence, ProbeReport } from "../../functions/core/contract/evidence.ts";
import type { Diagnosis } from "../../functions/core/contract/finding.ts";
import { judgedBy } from "../../functions/core/diagnosis/judged-by.ts";
import { diagnosisMessage } from "../../functions/core/messages/diagnosis-message.ts";
import { renderText } from "../../functions/core/messages/text.ts";
import type { Settings } from "../../functions/core/settings.ts";
import { visibleJson } from "../../functions/core/text/visible.ts";
import { type ExitCode, exitCodes, type Io } from "./command.ts";

export type Format = "text" | "json";

/** What the probes brought, as evidence without metrics: the command line asks the database and nobody else. */
export function evidenceOf(report: Omit<ProbeReport, "schema">, settings: Settings): Evidence {
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
    judgedBy: judgedBy(settings),
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
export function exitCodeOf({ connection }: Evidence, { verdict }: Diagnosis): ExitCode {
  if (connection.status === "not-connected") return exitCodes.notConnected;
  switch (verdict) {
    case "well":
      return exitCodes.healthy;
    case "unwell":
      return exitCodes.findings;
    case "unknown":
      return exitCodes.cannotJudge;
    default:
      return verdict satisfies never;
  }
}

/** The shape that SPEC K fixes, and the rest of the diagnosis beside it. */
export function asJson(evidence: Evidence, diagnosis: Diagnosis, tookMs: number) {
  const { verdict, headline, severity, confidence, rootCauses, findings, path, missing } = diagnosis;
  return {
    target: evidence.target,
    signal: evidence.signal,
    verdict,
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
