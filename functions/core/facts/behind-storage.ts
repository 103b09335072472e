import { duration, list, statementText } from "../text/wording.ts";
import { beganShortage } from "./burden.ts";
import { cpuPressure } from "./cpu-pressure.ts";
import { ioPressure } from "./io-pressure.ts";
import { sessionsRunning } from "./sessions-running.ts";
import type { Statement } from "./statements.ts";
import type { View } from "./view.ts";

/** Their calls are so much younger. */
const farYounger = 10;

export interface Behind {
  readonly leader: Statement;
  readonly others: readonly Statement[];
  /** "SELECT …, for 17 s, may be slow by it alone". */
  readonly says: string;
}

/**
 * Statements of MySQL and MariaDB known by their sessions alone, while storage is at its limit and the CPU is not: of
 * those that fewer run, and for a tenth of the time, than one other that has been at it since before, it is not known
 * that they cost anything, since whoever reads a page now takes long. Null where there is no such one, or anybody told
 * more of them: statistics, or Performance Insights.
 */
export function behindStorage(view: View, dear: readonly Statement[]): Behind | null {
  if (view.evidence.target.engine === "postgres" || (cpuPressure(view)?.severity ?? "P3") !== "P3")
    return null;
  const seen = dear.filter(
    ({ running, source, insights }) =>
      running !== undefined && source.endsWith("-sessions") && insights === undefined,
  );
  const leader = seen.toSorted((a, b) => (b.running ?? 0) - (a.running ?? 0))[0];
  const pressure = leader === undefined || seen.length < 2 ? null : ioPressure(view);
  if (leader === undefined || pressure === null || pressure.severity === "P3" || pressure.sign === "waits")
    return null;
  if (!sessionsRunning(view, leader.query).some((session) => beganShortage(view, session))) return null;
  const others = seen.filter(
    ({ running, total }) =>
      (running ?? 0) < (leader.running ?? 0) &&
      farYounger * (total.meanSeconds ?? 0) <= (leader.total.meanSeconds ?? 0),
  );
  if (others.length === 0) return null;
  const texts = others.map(
    ({ query, total }) => `${statementText(query) ?? "another"} (for ${duration(total.meanSeconds)})`,
  );
  return {
    leader,
    others,
    says: `others take long meanwhile, as whatever reads from that storage does: ${list(texts)}`,
  };
}
