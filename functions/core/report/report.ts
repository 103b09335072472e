import type { Evidence } from "../contract/evidence.ts";
import { type Diagnosis, type Finding, isHygiene } from "../contract/finding.ts";
import { capacityOf } from "../facts/capacity.ts";
import { type View, viewOf } from "../facts/view.ts";
import { engineOf, severityWord } from "../messages/wording.ts";
import type { Settings } from "../settings.ts";
import { compare } from "../text/compare.ts";
import { duration } from "../text/wording.ts";
import { type BlockingTree, blockingTreeOf } from "./blocking-tree.ts";
import { type Chart, chartsOf } from "./chart.ts";
import { type ConnectionShare, connectionShares } from "./connection-shares.ts";
import { ownStatementsText, type StatementLine, statementLines } from "./statements.ts";

/** Everything a report says, in its order; the renderers only lay it out. */
export interface Report {
  readonly database: string;
  readonly engine: string;
  readonly collectedAt: string;
  readonly trigger: string | null;
  readonly verdict: Diagnosis["verdict"];
  readonly severity: Diagnosis["severity"];
  readonly severityText: string;
  readonly headline: string;
  readonly surePercent: number;
  readonly connections: { readonly shares: readonly ConnectionShare[]; readonly usable: number } | null;
  readonly tree: BlockingTree | null;
  readonly charts: readonly Chart[];
  readonly statements: readonly StatementLine[];
  readonly roots: readonly RankedFinding[];
  readonly worthKnowing: readonly RankedFinding[];
  readonly hygiene: readonly RankedFinding[];
  readonly path: Diagnosis["path"];
  readonly missing: Diagnosis["missing"];
  readonly cost: ReportCost;
}

export interface RankedFinding {
  readonly number: number;
  readonly finding: Finding;
  /** Summaries of the findings that this one explains, or that explain it. */
  readonly explains: readonly string[];
  readonly explainedBy: readonly string[];
}

export interface ReportCost {
  readonly says: string;
  /** Dearest first. */
  readonly probes: readonly {
    id: string;
    tookMs: number;
    statements: number;
    rows: number;
    status: string;
  }[];
}

export function reportOf(
  diagnosis: Diagnosis,
  evidence: Evidence,
  settings: Pick<Settings, "thresholds" | "policy">,
): Report {
  const view = viewOf(evidence, settings.thresholds, settings.policy);
  const { severity, target } = diagnosis;
  const { signal } = evidence;
  const ranked = rankedOf(diagnosis);
  const serious = withSymptoms(ranked);
  const [hygiene, worthKnowing] = partition(ranked.filter((one) => !serious.includes(one)));
  return {
    database: target.name,
    engine: engineOf(target),
    collectedAt: evidence.collectedAt,
    trigger: signal === null ? null : `${signal.name}: ${signal.reason}`,
    verdict: diagnosis.verdict,
    severity,
    severityText: severityText(diagnosis, evidence),
    headline: diagnosis.headline,
    surePercent: Math.round(diagnosis.confidence * 100),
    connections: connectionsOf(view),
    tree: blockingTreeOf(view),
    charts: chartsOf(evidence),
    statements: statementLines(view) ?? [],
    roots: serious,
    worthKnowing,
    hygiene,
    path: diagnosis.path,
    missing: diagnosis.missing,
    cost: costOf(evidence, ownStatementsText(view)),
  };
}

/** A minor symptom of something serious stands beside its cause; what is told of a cause comes before its symptoms. */
function withSymptoms(ranked: readonly RankedFinding[]): readonly RankedFinding[] {
  const keys = new Set<string>();
  return ranked.filter(({ finding }) => {
    const wanted = finding.severity !== "P3" || finding.explainedBy.some((key) => keys.has(key));
    if (wanted) keys.add(finding.key);
    return wanted;
  });
}

function partition(ranked: readonly RankedFinding[]): [RankedFinding[], RankedFinding[]] {
  const chronic = ({ finding }: RankedFinding): boolean => isHygiene(finding);
  return [ranked.filter(chronic), ranked.filter((one) => !chronic(one))];
}

function severityText({ verdict, severity }: Diagnosis, { connection }: Evidence): string {
  if (verdict === "unknown")
    return connection.status === "connected" ? "cannot judge" : "not seen from the inside";
  return severity === null || severity === "P3" ? "nothing serious found" : severityWord(severity);
}

function rankedOf({ findings }: Diagnosis): readonly RankedFinding[] {
  const summaries = new Map(findings.map(({ key, summary }) => [key, summary]));
  const textOf = (keys: readonly string[]): string[] => keys.map((key) => summaries.get(key) ?? key);
  return findings.map((finding, index) => ({
    number: index + 1,
    finding,
    explains: textOf(finding.explains),
    explainedBy: textOf(finding.explainedBy),
  }));
}

function connectionsOf(view: View): Report["connections"] {
  const capacity = capacityOf(view);
  if (capacity === null || view.connections === null) return null;
  return { shares: connectionShares(view.connections, capacity.usable), usable: capacity.usable };
}

function costOf({ probes, connection }: Evidence, own: string | null): ReportCost {
  const statements = probes.reduce((sum, probe) => sum + probe.statements, 0);
  const took = probes.reduce((sum, probe) => sum + probe.tookMs, 0);
  const says =
    connection.status === "connected"
      ? `One connection, opened in ${duration(connection.tookMs / 1000)}; ${statements} read-only statements, ${duration(took / 1000)} of waiting for the database in all${own === null ? "" : `; ${own}`}`
      : "No statement was sent: there was no connection";
  return {
    says,
    probes: probes
      .map(({ id, tookMs, statements: sent, rowCount, status }) => ({
        id,
        tookMs: Math.round(tookMs),
        statements: sent,
        rows: rowCount,
        status,
      }))
      .toSorted((a, b) => b.tookMs - a.tookMs || compare(a.id, b.id)),
  };
}
