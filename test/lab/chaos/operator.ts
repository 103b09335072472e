import type { FailoverRun } from "../../../functions/core/contract/failover.ts";
import { type FailoverInput, failoverInputSchema } from "../../../functions/core/contract/failover-input.ts";
import type { Scene } from "./deeds.ts";
import { executeRun } from "./execution.ts";
import type { Fault } from "./faults/fault.ts";
import { original } from "./stage.ts";

interface Operator {
  readonly scene: Scene;
  readonly fault: Fault;
  readonly prefix: string;
  readonly until: number;
}

/** A run may take longer to its end than clients may to their next write. */
const endMs = 120_000;

type Start = Pick<FailoverInput, "kind" | "force">;

/**
 * Somebody who starts it, reads how it ended, and starts it again while clients cannot write: then by the names of the
 * vetoes that the message offers and that are about nothing but what he sees better himself. One that is to be taken up
 * again he takes up.
 */
export async function operate({ scene, fault, prefix, until }: Operator): Promise<FailoverRun[]> {
  const { stage, random } = scene;
  const runs: FailoverRun[] = [];
  let start: Start = { kind: fault.planned ? "planned" : "unplanned", force: false };
  let [again, id] = [false, `${prefix}-1`];
  for (let attempt = 2; Date.now() < until; attempt += 1) {
    const input = failoverInputSchema.parse({ database: original, reason: "chaos", ...start });
    const run = await executeRun({
      ...{ id, ports: stage.ports, deaths: fault.deaths ?? "none", random, input, until: until + endMs },
      pause: scene.pause,
      ...{ approved: fault.approver === undefined, again },
    });
    if (run === null) return runs;
    runs.push(run);
    if (run.ending?.status === "done" || isContent(fault)) return runs;
    await scene.pause(2000);
    if (!fault.planned && Date.now() - stage.clients.lastAt() < 3000) return runs;
    // Also that of a run before it, where the message says so.
    const named = /--redrive (\S+)/.exec(run.ending?.nextCommand ?? "")?.[1];
    again = named !== undefined;
    id = named ?? `${prefix}-${attempt}`;
    start = nextStart(run, start, (Date.now() - stage.clients.lastAt()) / 1000);
  }
  return runs;
}

/** With whatever came of the first. */
function isContent({ healthy, hopeless, approver, planned, patient }: Fault): boolean {
  return healthy === true || hopeless === true || approver !== undefined || (planned === true && !patient);
}

const seenByPeople = ["only-our-path-cut", "primary-state-unknown"];

/** A lag that has grown since clients could not write any more is the outage, and no lag. */
function nextStart({ ending }: FailoverRun, { kind }: Start, outageSeconds: number): Start {
  const says = ending?.says ?? "";
  if (kind === "planned")
    return { kind: says.includes("planned-but-down") ? "unplanned" : kind, force: false };
  const offered = [...(ending?.nextCommand ?? "").matchAll(/--force (\S+)/g)].map(([, name = ""]) => name);
  const lag = Number(/candidate-lag-above-limit: ([0-9.]+) s/.exec(says)?.[1] ?? Number.NaN);
  const known = [...seenByPeople, ...(lag <= outageSeconds + 3 ? ["candidate-lag-above-limit"] : [])];
  const named = offered.length > 0 && offered.every((name) => known.includes(name));
  return { kind, force: named ? offered : false };
}
