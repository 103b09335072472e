import { type FailoverRun, newRun } from "../contract/failover.ts";
import { type FailoverInput, parseFailoverInput } from "../contract/failover-input.ts";
import {
  byCardSchema,
  type FailoverState,
  type FailoverStep,
  failoverStartSchema,
} from "../contract/failover-machine.ts";
import type { Approval } from "../contract/incident.ts";
import { DeposedError, InvalidInputError } from "../errors.ts";
import type { Clock, Ids, IncidentStore, KillSwitch, Log } from "../ports.ts";
import type { SettingsSource } from "../settings-ports.ts";
import type { Situation } from "./choose.ts";
import { type ClaimProps, claim, driverName } from "./claim.ts";
import { redriveCommand, showCommand } from "./commands.ts";
import { runPrefix } from "./decide-failover.ts";
import { type Driven, drive } from "./drive.ts";
import type { FailoverPorts } from "./ports.ts";
import { createTeller } from "./teller.ts";
import { checkForce } from "./vetoes/standing.ts";

export interface MachineDeps {
  readonly ports: FailoverPorts;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly settings: SettingsSource;
  readonly killSwitch: KillSwitch;
  readonly incidents: Pick<IncidentStore, "getApproval">;
  situation(run: FailoverRun): Promise<Situation>;
}

type StepOf<S extends FailoverStep["step"]> = Extract<FailoverStep, { step: S }>;
type Execution = StepOf<"begin">["execution"];

/** Well under the function's own limit, beside one more look and one more call. */
const budgetMs = 40_000;

/** The first state: what was typed is read, the run is written down or taken up. */
export async function begin(
  { execution, input }: StepOf<"begin">,
  deps: MachineDeps,
): Promise<FailoverState> {
  const start = failoverStartSchema.safeParse(input).data;
  if (start !== undefined && "redrive" in start) {
    checkForce({ force: start.force ?? false });
    const typed = { approved: await starterAgrees(deps), force: start.force ?? [] };
    return stateOf(await claimed(start.redrive, execution, "redrive", deps, typed));
  }
  if (start !== undefined && "giveBack" in start) {
    return stateOf(await claimed(start.giveBack, execution, "give-back", deps));
  }
  if (start !== undefined && "takeUp" in start) {
    return stateOf(await claimed(start.takeUp, execution, "take-up", deps));
  }
  const named = `${runPrefix}${execution.Name}`;
  const before = await deps.ports.runs.get(named);
  const id = before !== null && isOfEarlier(before, deps) ? `${named}-${dayOf(deps)}` : named;
  const known = id === named ? before : await deps.ports.runs.get(id);
  if (known !== null) return stateOf(await claimed(id, execution, "again", deps));
  const approvalId = byCardSchema.safeParse(input).data?.approvalId ?? null;
  const asked = await inputOf(input, approvalId, deps);
  const run = newRun(id, asked, deps.clock.now(), await isApproved(asked, execution.Name, approvalId, deps));
  const driver = { name: driverName(execution.Name, deps.ids.next()), at: deps.clock.now() };
  deps.log.info("failover.begun", { run: id, database: asked.database, dryRun: asked.dryRun });
  return stateOf(await deps.ports.runs.save({ ...run, byCard: approvalId !== null, driver }));
}

/**
 * Step Functions gives a name of an execution out again after 90 days: what ended then is no answer to who starts now.
 * A first state that is tried again is so within minutes, a person's redrive within 14 days.
 */
function isOfEarlier({ phase, startedAt }: FailoverRun, { clock }: MachineDeps): boolean {
  return phase === "ended" && clock.now() - startedAt > 60 * 86_400_000;
}

function dayOf({ clock }: MachineDeps): string {
  return new Date(clock.now()).toISOString().slice(0, 10);
}

/** What was typed wrongly is said with the field, before anything is looked at. */
async function inputOf(input: unknown, approvalId: string | null, deps: MachineDeps): Promise<FailoverInput> {
  const typed = typeof input === "object" && input !== null ? input : {};
  if (approvalId === null && "approvalId" in typed)
    throw new InvalidInputError(
      "By a card go database, reason and approvalId, and nothing else: nobody has agreed to more.",
    );
  const { failover } = await deps.settings.read();
  const known = Object.entries(typed).filter(([key]) => approvalId === null || key !== "approvalId");
  const asked = parseFailoverInput({ maxLagSeconds: failover.maxLagSeconds, ...Object.fromEntries(known) });
  checkForce(asked);
  if (asked.dryRun) return asked;
  const { engaged, says } = await deps.killSwitch.read();
  if (engaged) throw new InvalidInputError(`The kill switch is engaged (${says}): nothing is failed over.`);
  return asked;
}

/** Settings that cannot be read may be those that ask for a second person. */
async function isApproved(
  asked: FailoverInput,
  execution: string,
  approvalId: string | null,
  deps: MachineDeps,
): Promise<boolean> {
  if (approvalId !== null) {
    const card = await deps.incidents.getApproval(approvalId);
    // The one execution of its name: no card starts two.
    return card !== null && execution === approvalId && isForFailover(card, asked, deps.clock.now());
  }
  return starterAgrees(deps);
}

async function starterAgrees(deps: MachineDeps): Promise<boolean> {
  const { settings, standing } = await deps.settings.readWithStanding();
  const known = standing.kind === "in-force" || standing.kind === "waiting" || standing.instead !== null;
  return known && settings.failover.approval === "starter";
}

/** A click on another action's card has agreed to nothing of this. */
function isForFailover(card: Approval, { database, reason }: FailoverInput, now: number): boolean {
  const { status, expiresAt, proposal, target } = card;
  const granted = status === "approved" && Date.parse(expiresAt) > now;
  const agreed = byCardSchema.omit({ approvalId: true }).safeParse(proposal.input).data;
  const same = agreed?.database === database && agreed.reason === reason;
  const ours = [target.name, target.clusterId].includes(database);
  return granted && proposal.spec.includes("A31") && ours && same;
}

/** Every state after it: the run goes on until its phase is left, or its next look is far away. */
export async function goOn(
  { execution, retries, input }: StepOf<"go-on">,
  deps: MachineDeps,
): Promise<FailoverState> {
  const how = retries > 0 || execution.RedriveCount > 0 ? "again" : "next";
  const call = deps.ids.next();
  try {
    const run = await claim(input.runId, { ...deps, execution: execution.Name, call, how });
    if (run.phase === "ended") return stateOf(run);
    const driver = driverName(execution.Name, call);
    return driven(await driveFor(run, driver, "phase", budgetMs, deps));
  } catch (error) {
    if (!(error instanceof DeposedError)) throw error;
    deps.log.warn("failover.deposed", { run: input.runId, reason: error.message });
    const nextCommand = showCommand(input.runId);
    return { ...input, status: "deposed", seconds: 0, says: error.message, nextCommand };
  }
}

/** The same in place, from whatever drives it. */
export async function driveFor(
  run: FailoverRun,
  driver: string,
  by: "phase" | "effect",
  budget: number,
  { ports, clock, situation }: Pick<MachineDeps, "ports" | "clock" | "situation">,
): Promise<Driven> {
  const teller = createTeller(ports.voice, clock, run.thread);
  const props = { ports, clock, teller, driver, by, budgetMs: budget, situation };
  const result = await drive(run, props).finally(() => ports.door.close?.());
  await teller.finish();
  const thread = teller.thread();
  if (thread === null || result.run.thread !== null) return result;
  return { ...result, run: await ports.runs.save({ ...result.run, thread }) };
}

/** The execution is about to fail: the run stays open, and the sweeper takes it up. People are told which and why. */
export async function giveUp({ input }: StepOf<"give-up">, deps: MachineDeps): Promise<FailoverState> {
  const { runId, error } = input;
  const run = runId === undefined ? null : await deps.ports.runs.get(runId);
  if (run === null) throw new InvalidInputError(`${error.Error}: ${error.Cause ?? "no cause was given"}`);
  deps.log.error("failover.step-failed", { run: run.id, phase: run.phase, error: error.Error });
  const says = `A step of the failover failed in ${run.phase} (${error.Error}). It is taken up again within five minutes.`;
  const nextCommand = redriveCommand(run);
  return { ...stateOf(run), status: "failed", says, nextCommand };
}

async function claimed(
  id: string,
  { Name: execution }: Execution,
  how: ClaimProps["how"],
  deps: MachineDeps,
  typed: Pick<ClaimProps, "approved" | "force"> = {},
): Promise<FailoverRun> {
  if ((await deps.ports.runs.get(id)) === null) throw new InvalidInputError(`no run ${id} is known`);
  return claim(id, { ...deps, execution, call: deps.ids.next(), how, ...typed });
}

function driven({ run, waitMs, says }: Driven): FailoverState {
  return { ...stateOf(run), seconds: Math.ceil(waitMs / 1000), ...(run.ending === null ? { says } : {}) };
}

function stateOf(run: FailoverRun): FailoverState {
  const { id: runId, phase, ending, input } = run;
  return {
    ...{ schema: "failover.v1", runId, database: input.database, phase, seconds: 0 },
    says: ending?.says ?? phase,
    status: phase === "ended" ? (ending?.status ?? "failed") : "going-on",
    nextCommand: ending?.nextCommand ?? showCommand(runId),
  };
}
