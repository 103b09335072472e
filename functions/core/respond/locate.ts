import type { Target } from "../contract/target.ts";
import type { Assignment, Located } from "../contract/workflow.ts";
import { messageOf } from "../errors.ts";
import type { RdsControl } from "../ports.ts";
import { type Deps, isoNow } from "./deps.ts";
import { namesOfNothing } from "./names-of-nothing.ts";

export type LocateDeps = Pick<Deps, "rds" | "clock">;

/** Whoever looks waits for it. */
const deadlineMs = 2500;
/** With the second look, so that the first message does not wait for it. */
const cycleOfNotes = 2;

/**
 * The database whose turn it is, as RDS describes it now: after a failover, a change of address or a new tag the look
 * and the policy are about what is true. Never throws; when RDS does not answer, what was known is looked at.
 */
export async function locate(assignment: Assignment, deps: LocateDeps): Promise<Assignment> {
  const { wanted = assignment.target, settings, cycle } = assignment;
  const deadline = AbortSignal.timeout(deadlineMs);
  const [located, notes] = await Promise.all([
    describe(wanted.name, deps, deadline),
    cycle === cycleOfNotes ? namesOfNothing(settings, assignment.target, deps.rds, deadline) : [],
  ]);
  const { target } = located;
  if (target === null && located.gone === null) return { ...assignment, located: { ...located, notes } };
  const clusterId = target?.clusterId ?? (located.gone === null ? null : assignment.target.clusterId);
  const isDemoted = wanted.role === "writer" && target?.role === "reader";
  const writer =
    clusterId !== null && (isDemoted || target === null)
      ? await writerOf(clusterId, deps.rds, deadline)
      : null;
  const joins = writer === null ? null : { name: writer.name, role: writer.role };
  // Who took over is not known yet: as long as its own role is left open, it is asked again.
  const found =
    isDemoted && writer === null && target !== null
      ? { ...target, role: "unknown" as const }
      : (target ?? writer);
  return {
    ...assignment,
    target: found ?? assignment.target,
    located: { ...located, target: found, joins, notes },
  };
}

/** The same for the gate alone, just before acting. */
export async function readPolicy(database: string | undefined, deps: LocateDeps): Promise<Located> {
  if (database === undefined) return unread("the step names no database", deps);
  return describe(database, deps, AbortSignal.timeout(deadlineMs));
}

async function describe(name: string, deps: LocateDeps, deadline: AbortSignal): Promise<Located> {
  try {
    const target = await deps.rds.find({ kind: "instance", id: name }, deadline);
    const reason = target === null ? `RDS knows no ${name} any more` : null;
    return { ...unread(reason, deps), target, gone: target === null ? name : null };
  } catch (error) {
    const reason = deadline.aborted ? "RDS did not answer before the deadline" : messageOf(error);
    return unread(reason.slice(0, 300), deps);
  }
}

function unread(reason: string | null, { clock }: LocateDeps): Located {
  return {
    schema: "located.v1",
    at: isoNow(clock),
    target: null,
    reason,
    joins: null,
    gone: null,
    notes: [],
  };
}

/** Null also in the middle of a failover, and when it could not be asked. */
async function writerOf(clusterId: string, rds: RdsControl, deadline: AbortSignal): Promise<Target | null> {
  try {
    const writer = await rds.find({ kind: "cluster", id: clusterId }, deadline);
    return writer?.role === "writer" ? writer : null;
  } catch {
    return null;
  }
}
