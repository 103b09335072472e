import { type FailoverRun, newRun } from "../../functions/core/contract/failover.ts";
import type { FailoverInput } from "../../functions/core/contract/failover-input.ts";
import { driverName } from "../../functions/core/failover/claim.ts";
import { runPrefix } from "../../functions/core/failover/decide-failover.ts";
import { knownSituation } from "../../functions/core/failover/known-situation.ts";
import { driveFor } from "../../functions/core/failover/machine-steps.ts";
import { type PlanStep, planSteps } from "../../functions/core/failover/plan.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import { recoveryMs } from "../../functions/core/failover/times.ts";
import type { Clock, Ids, IncidentStore, KillSwitch } from "../../functions/core/ports.ts";
import { visible, visibleJson } from "../../functions/core/text/visible.ts";
import { type ExitCode, exitCodes, type Io } from "./command.ts";

export interface FailingOver {
  readonly ports: FailoverPorts;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly incidents: Pick<IncidentStore, "openIncidentOf" | "get"> | null;
  /** Of the deployment, where there is one. */
  readonly killSwitch?: KillSwitch;
  readonly format: "text" | "json";
  /** Asked once the plan is shown. */
  agreed(): Promise<boolean>;
}

/** As long as the machine may take. */
const longestMs = 6 * 3_600_000;

/** SPEC K4: every check and the plan, the question, and then the same steps as the machine, told as they happen. */
export async function failInPlace(input: FailoverInput, place: FailingOver, io: Io): Promise<ExitCode> {
  const say = (text: string): void => (place.format === "json" ? io.err : io.out)(visible(text));
  const checked = await driven({ ...input, dryRun: true }, place);
  const plan = await planOf(checked, input, place.ports);
  if (plan.length > 0) say(`${plan.map(stepText).join("\n")}\n`);
  if (input.dryRun || checked.ending?.status !== "dry-run") return ended(checked, plan, place, io);
  if (!(await place.agreed())) {
    say("Not done: nobody agreed. Answer y, or give --yes where nobody can be asked.");
    return exitCodes.refused;
  }
  return ended(await driven(input, place), plan, place, io);
}

async function driven(input: FailoverInput, place: FailingOver): Promise<FailoverRun> {
  const { ports, clock, ids, incidents, killSwitch } = place;
  const id = `${runPrefix}${ids.next()}`;
  const driver = driverName("terminal", id);
  const first = { ...newRun(id, input, clock.now(), true), driver: { name: driver, at: clock.now() } };
  const run = await ports.runs.save(first);
  const situation = (of: FailoverRun) =>
    knownSituation(of, {
      ...{ incidents: incidents ?? nothingKnown, lock: ports.lock, runs: ports.runs },
      ...(killSwitch === undefined ? {} : { killSwitch }),
    });
  return (await driveFor(run, driver, "effect", longestMs, { ports, clock, situation })).run;
}

const nothingKnown = { openIncidentOf: async () => null, get: async () => null };

/** With the calls that a promotion would make of a group that is seen now; none where nothing was chosen. */
async function planOf(
  run: FailoverRun,
  input: FailoverInput,
  { controlPlane, door }: FailoverPorts,
): Promise<readonly PlanStep[]> {
  if (run.method === null) return [];
  const topology = await controlPlane.describe(input.database);
  const nodes = await Promise.all(
    topology.nodes.map(async (node) => ({
      ...node,
      look: await door.look(node, topology).catch(() => null),
    })),
  );
  return planSteps(run, { ...topology, nodes });
}

function stepText({ says, calls }: PlanStep): string {
  return [says, ...calls.map((call) => `    ${call}`)].join("\n");
}

function ended(run: FailoverRun, plan: readonly PlanStep[], { format }: FailingOver, io: Io): ExitCode {
  const { id, ending, method, candidate, oldPrimary, overridden, loss, times, notes, duties } = run;
  if (format === "json") {
    const result = { run: id, ...ending, method, candidate, oldPrimary, overridden, plan };
    const measured = { loss, times, recoveryMs: recoveryMs(run), notes, duties };
    io.out(visibleJson(JSON.stringify({ ...result, ...measured }, null, 1)));
  }
  return codeOf(run);
}

export function codeOf({ ending }: Pick<FailoverRun, "ending">): ExitCode {
  const { status, phase } = ending ?? { status: "failed", phase: null };
  switch (status) {
    case "done":
    case "dry-run":
      return exitCodes.healthy;
    case "held":
      return exitCodes.refused;
    case "failed":
      return phase === "load" ? exitCodes.notConnected : exitCodes.findings;
    default:
      return status satisfies never;
  }
}
