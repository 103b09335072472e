import type { FailoverRun } from "../contract/failover.ts";
import { nodeOf } from "../contract/failover-topology.ts";
import { isAgreed } from "./agreement.ts";
import { describeCommand, lookCommand, resourceCommand } from "./commands.ts";
import { needsFence } from "./methods.ts";
import { oldNode } from "./old-node.ts";
import { isGone } from "./primary-state.ts";
import { end, over, type Sight, type Turn, wait } from "./turn.ts";
import { walled, wallOf } from "./wall.ts";

/** A look may miss it for a moment. */
const lostLimitMs = 60_000;

/** Deleted, failed or made a replica again: then the fenced old primary is the only copy that there is. */
export function withoutNewPrimary(run: FailoverRun, seen: Sight, id: string): Turn | null {
  const node = nodeOf(seen.topology, id);
  if (node !== null && !isGone(node) && node.replicaOf === null) return null;
  if (!over(run, seen, lostLimitMs)) return wait(run, seen, `${id} is not shown as a primary`);
  const is =
    node === null
      ? "RDS does not show it any more"
      : `RDS says ${node.status}, replica of ${node.replicaOf ?? "nobody"}`;
  const says = `${id} was promoted, and is no primary by now (${is}). ${run.oldPrimary} is not to be deleted: it may be the only copy. It is left as it is.`;
  return end(run, { status: "failed", says, nextCommand: describeCommand(id) });
}

/** Nobody is told to delete by a name what may be another instance by now. */
function deleteCommand(run: FailoverRun, { topology, oldGone }: Sight): string {
  if (oldGone === true) return lookCommand("diagnose", topology.engine, run.candidate ?? run.input.database);
  const { oldPrimary: id, oldResource } = run;
  if (oldNode(run, topology) !== null)
    return `aws rds delete-db-instance --db-instance-identifier ${id} --final-db-snapshot-identifier ${id}-after-failover`;
  return oldResource === null ? describeCommand(id ?? run.input.database) : resourceCommand(oldResource);
}

/** By this run, and not by what it did without. */
function wasClosed({ fencedBy, sent }: FailoverRun): boolean {
  return ["door", "restart"].includes(fencedBy ?? "") || sent["refence"]?.answer === "done";
}

/** Behind what nobody agreed to any more nobody was fenced: what is seen is said. */
function fencedText(run: FailoverRun, { topology, oldGone }: Sight): string {
  const stays = "and goes on costing; it is never to be opened as it is";
  if (oldGone === true) return "is gone: RDS has it under no name";
  const old = oldNode(run, topology);
  const behindWall = old !== null && wallOf(topology, old) !== null && walled(topology, old);
  if ((isAgreed(run) && wasClosed(run)) || behindWall || old?.look?.fenced === true)
    return `is fenced ${stays}`;
  if (old !== null && isGone(old))
    return `does not run and IS NOT FENCED: where it is started it takes writes, so keep clients off it by hand. It stays ${stays}`;
  return `IS NOT SEEN FENCED, and was not fenced now: keep clients off it by hand. It stays ${stays}`;
}

export function done(run: FailoverRun, seen: Sight): FailoverRun {
  const to = run.candidate ?? "the standby";
  const old = run.oldPrimary;
  return {
    ...run,
    ending: {
      status: "done",
      phase: run.phase,
      says: needsFence(run.method)
        ? `${to} is the primary. ${old} ${fencedText(run, seen)}.`
        : `${to} is the writer.`,
      nextCommand: needsFence(run.method)
        ? deleteCommand(run, seen)
        : lookCommand("diagnose", seen.topology.engine, run.input.database),
    },
  };
}
