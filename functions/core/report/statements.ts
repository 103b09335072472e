import { ownWork } from "../facts/own-work.ts";
import { statementsOf } from "../facts/statements.ts";
import type { View } from "../facts/view.ts";
import { compare } from "../text/compare.ts";
import { plural, statementText } from "../text/wording.ts";

/** A statement that took time between the two readings of the look. */
export interface StatementLine {
  readonly query: string;
  /** Sessions that were busy with it, on average. */
  readonly load: number;
  readonly callsPerSecond: number;
  readonly meanSeconds: number | null;
}

/** Busiest first; null when statement statistics were not read. The responder's own statements are left out. */
export function statementLines(view: View, most = 8): readonly StatementLine[] | null {
  const statements = statementsOf(view);
  if (statements === null) return null;
  return statements
    .map(({ query, now }) => ({
      query: statementText(query) ?? "(the server has lost the text)",
      load: now.averageSessions,
      callsPerSecond: now.callsPerSecond,
      meanSeconds: now.meanSeconds,
    }))
    .filter(({ load, callsPerSecond }) => load > 0 || callsPerSecond > 0)
    .toSorted((a, b) => b.load - a.load || b.callsPerSecond - a.callsPerSecond || compare(a.query, b.query))
    .slice(0, most);
}

/** "3 statements of the responder's own, 0.02 sessions, are left out"; null when there were none. */
export function ownStatementsText(view: View): string | null {
  const own = ownWork(view);
  if (own === null || own.statements === 0) return null;
  const load = own.averageSessions.toFixed(2);
  return `${plural(own.statements, "statement")} of the responder's own, ${load} sessions busy with them, are left out of the busiest statements`;
}
