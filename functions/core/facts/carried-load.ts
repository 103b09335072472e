import type { Explanation } from "../contract/explanation.ts";
import type { Severity } from "../contract/finding.ts";
import type { Proofs } from "../contract/proof.ts";
import type { Session } from "../contract/session.ts";
import { compare } from "../text/compare.ts";
import { isMaintenanceStatement } from "../text/statement-kind.ts";
import { waitKindOf } from "../text/wait-kind.ts";
import { percent } from "../text/wording.ts";
import { burden, cpuShare, takesEnoughCpu, worksOnCpu, worksOnStorage } from "./burden.ts";
import { isProtectedApplication } from "./protected.ts";
import type { View } from "./view.ts";

/** That a statement does the work that the database has too much of. */
export interface CarriedLoad {
  readonly says: string;
  /** As bad as what it leads to. */
  readonly severity: Severity;
  readonly explains: readonly Explanation[];
  readonly proofs: Proofs;
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
  return { says, severity, explains, proofs: proofsOf(view, session) };
}

function alarmFor(view: View, session: Session): string | null {
  const { signal } = view.evidence;
  const names = (signal?.state === "ALARM" ? signal.metrics : []).map(({ name }) => name).toSorted(compare);
  return names.find((name) => isAtWork(view, session, loadMetrics[name])) ?? null;
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

/** Of all that the CPUs do: what takes less is not what they are short of. */
const mostOfIt = 0.4;

/** Only the CPU can be shown: which statement has how much of the storage's work, no engine tells of one that runs. */
function proofsOf(view: View, session: Session): Proofs {
  const share = worksOnCpu(session) ? cpuShare(view, session) : null;
  if (share === null || share.own < mostOfIt * share.cpuPercent) return {};
  const { own, cpuPercent, vcpus, withAlike } = share;
  const source = "CPUUtilization";
  const causes = {
    says: `it is at work on the CPU and can take ${percent(own, 100)} of the ${vcpus} vCPUs, of which ${percent(cpuPercent, 100)} are taken`,
    source,
  };
  const without = cpuPercent - own;
  if (withAlike > own || without >= view.thresholds.cpuPercent) return { causes };
  return {
    causes,
    ends: {
      says: `no other long statement is at it, and without it ${percent(without, 100)} are taken`,
      source,
    },
  };
}
