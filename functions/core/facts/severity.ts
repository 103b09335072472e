import type { Severity } from "../contract/finding.ts";

/** Time until somebody must have answered (SPEC D6), and the label for complete and intermittent failure. */
const responses = {
  P0: { minutes: 5, says: "outage", label: "SEV-1" },
  P1: { minutes: 15, says: "severe degradation", label: "SEV-2" },
  P2: { minutes: 60, says: "moderate", label: null },
  P3: { minutes: 240, says: "minor", label: null },
} as const satisfies Record<Severity, { minutes: number; says: string; label: string | null }>;

export interface Response {
  readonly minutes: number;
  readonly says: string;
  readonly label: string | null;
}

export function responseOf(severity: Severity): Response {
  return responses[severity];
}

/** The worst of them; null when there are none. */
export function worstOf(severities: readonly Severity[]): Severity | null {
  return severities.toSorted()[0] ?? null;
}

/** So many blocked sessions, or such a share of all slots, are an incident of their own whatever they wait for. */
const manySessions = 10;
const manyShare = 0.2;

export interface BlockingImpact {
  readonly blocked: number;
  /** Null when it could not be seen. */
  readonly maxConnections: number | null;
}

export function isMany(blocked: number, maxConnections: number | null): boolean {
  return blocked >= manySessions || (maxConnections !== null && blocked >= manyShare * maxConnections);
}

/** P1 when many wait, by count or by their share of all slots. One job that waits long, however long, is P2. */
export function severityOfBlocking({ blocked, maxConnections }: BlockingImpact): Severity {
  return isMany(blocked, maxConnections) ? "P1" : "P2";
}
