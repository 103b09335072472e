import type { Explanation } from "../contract/explanation.ts";
import type { Severity } from "../contract/finding.ts";
import type { Session } from "../contract/session.ts";
import { compare } from "../text/compare.ts";
import { isMaintenanceStatement } from "../text/statement-kind.ts";
import { waitKindOf } from "../text/wait-kind.ts";
import { burden, takesEnoughCpu, worksOnCpu, worksOnStorage } from "./burden.ts";
import { isAlarming } from "./metric-facts.ts";
import { isProtectedApplication } from "./protected.ts";
import type { View } from "./view.ts";

/**
 * That a statement may do the work that the database has too much of. No proof of it: what a process can take is not
 * what it takes, and no engine tells the CPU or storage of one statement that runs. A person is asked.
 */
export interface CarriedLoad {
  readonly says: string;
  /** As bad as what it leads to. */
  readonly severity: Severity;
  readonly explains: readonly Explanation[];
}

type Work = "cpu" | "storage" | "either";

/** Metrics whose alarm says that the database works too hard, rather than that it waits, and at what. */
const loadMetrics: Readonly<Record<string, Work>> = {
  CPUUtilization: "cpu",
  DBLoad: "either",
  DBLoadCPU: "cpu",
  DBLoadNonCPU: "storage",
  DBLoadRelativeToNumVCPUs: "either",
  DiskQueueDepth: "storage",
  ReadIOPS: "storage",
  ReadLatency: "storage",
  ReadThroughput: "storage",
  WriteIOPS: "storage",
  WriteLatency: "storage",
  WriteThroughput: "storage",
};

/**
 * Null when it does not: an alarm on the load is no reason to end what merely runs longest. Who waits for its client,
 * for a pinned page, for a replica or for its own sleep takes neither CPU nor storage, and maintenance is nobody's
 * runaway query. Long alone is no harm.
 */
export function carriedLoad(view: View, session: Session): CarriedLoad | null {
  if (isProtectedApplication(session, view.policy)) return null;
  if (waitKindOf(session.waitEvent) !== null || isMaintenanceStatement(session.query)) return null;
  const alarming = alarmFor(view, session);
  const measured = burden(view, session);
  const says = alarming === null ? (measured?.says ?? null) : `the alarm on ${alarming} is on`;
  if (says === null) return null;
  const { severity = "P2", explains = [] } = measured ?? {};
  return { says, severity, explains };
}

function alarmFor(view: View, session: Session): string | null {
  const { signal } = view.evidence;
  const names = (signal?.metrics ?? []).map(({ name }) => name).filter((name) => isAlarming(view, name));
  return names.toSorted(compare).find((name) => isAtWork(view, session, loadMetrics[name])) ?? null;
}

function isAtWork(view: View, session: Session, work: Work | undefined): boolean {
  const onCpu = worksOnCpu(session) && takesEnoughCpu(view, session);
  const onStorage = worksOnStorage(view, session);
  switch (work) {
    case undefined:
      return false;
    case "cpu":
      return onCpu;
    case "storage":
      return onStorage;
    case "either":
      return onCpu || onStorage;
    default:
      return work satisfies never;
  }
}
