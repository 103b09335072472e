import { actionKeyOf } from "../../../../functions/core/actions/action-key.ts";
import type { Evidence } from "../../../../functions/core/contract/evidence.ts";
import type { Diagnosis, ProposedAction } from "../../../../functions/core/contract/finding.ts";
import { mayHaveActed, type Outcome, type Refusal } from "../../../../functions/core/contract/work-order.ts";
import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { keepsApproval } from "../../../../functions/core/incident/plan.ts";
import { unsureRefusal } from "../../../../functions/core/policy/sure.ts";
import type { Clock } from "../../../../functions/core/ports.ts";
import type { Settings } from "../../../../functions/core/settings.ts";
import type { LabServer } from "../../../lab/engines/lab-server.ts";
import { look, targetAt } from "../../record.ts";
import type { Scenario } from "../../scenario.ts";
import { carriedOut } from "./carried-out.ts";
import { reasonOf, remediesOf, seriousRoots } from "./prescribed.ts";

export interface Looped {
  readonly root: string | null;
  /** Some look proposed what the responder may do on the database. */
  readonly remediable: boolean;
  /** Why not, where not. */
  readonly apart: string;
  /** No P0–P2 was left, and none came back in the time after. */
  readonly healed: boolean;
  /** What was left at the end, root causes of P0–P2. */
  readonly left: readonly string[];
  readonly steps: readonly TakenStep[];
  readonly killed: readonly number[];
  /** From the first look to the look that is well; null when there was none. */
  readonly seconds: number | null;
  /** Nothing that was done went on by itself after its call. */
  readonly instant: boolean;
  /** Why what was not done was not done. */
  readonly refused: readonly Refusal[];
}

export interface TakenStep {
  readonly action: string;
  readonly unasked: boolean;
  readonly status: string;
  readonly says: string;
  readonly acted: boolean;
}

export interface Scene {
  readonly scenario: Scenario;
  readonly server: LabServer;
  /** What is there beside the fault, and stays. */
  readonly beside: readonly string[];
  readonly settings: Settings;
  readonly asked: boolean;
  readonly staysMs: number;
  readonly clock: Clock;
  /** What the scenario says that AWS shows. */
  readonly outside: Pick<Evidence, "signal" | "metrics" | "context">;
  /** Told before anything is sent. */
  acts(): void;
}

interface Step {
  readonly action: ProposedAction;
  readonly unasked: boolean;
  readonly outcome: Outcome;
  readonly went: boolean;
}

/** A pool is ended one after the other; nobody is asked for ever. */
const mostSteps = 12;
/** What is not ripe yet may be a moment later. */
const mostIdleLooks = 4;
const betweenLooksMs = 700;

export async function loop(scene: Scene): Promise<Looped> {
  const { clock, staysMs } = scene;
  const started = clock.now();
  const done = await untilWell(scene);
  const wellAt = clock.now();
  const { steps, refused, looks } = done;
  let { last } = done;
  const root = looks.flatMap(seriousRoots)[0] ?? null;
  if (root !== null && isWell(last, scene)) {
    await clock.sleep(staysMs);
    last = await looked(scene, steps);
  }
  const healed = root !== null && steps.map(taken).some(({ acted }) => acted) && isWell(last, scene);
  for (const { outcome } of steps)
    if (outcome.refusal !== null) refused.set(outcome.refusal.guard, outcome.refusal);
  return {
    root: root?.id ?? null,
    remediable: looks.some((one) => remediesOf(one).length > 0),
    apart: reasonOf(looks.flatMap(seriousRoots).flatMap(({ actions }) => actions)),
    healed,
    left: leftOf(last, scene),
    steps: steps.map(taken),
    killed: steps.flatMap(({ outcome }) => outcome.killed),
    seconds: healed ? (wellAt - started) / 1000 : null,
    instant: steps.every(({ went }) => !went),
    refused: [...refused.values()],
  };
}

interface Done {
  readonly looks: readonly Diagnosis[];
  readonly last: Diagnosis;
  readonly steps: readonly Step[];
  readonly refused: Map<string, Refusal>;
}

async function untilWell(scene: Scene): Promise<Done> {
  const steps: Step[] = [];
  const refused = new Map<string, Refusal>();
  let last = await looked(scene, steps);
  const looks = [last];
  for (let idle = 0; idle < mostIdleLooks && steps.length < mostSteps && !isWell(last, scene); ) {
    const next = nextOf(last, { scene, steps, refused });
    if (next === undefined) {
      idle += 1;
      await scene.clock.sleep(betweenLooksMs);
    } else steps.push(await stepOf(next, scene));
    last = await looked(scene, steps);
    looks.push(last);
  }
  return { looks, last, steps, refused };
}

/** Nothing of P0–P2 but what the scenario's author says is there beside the fault. */
function isWell(diagnosis: Diagnosis, scene: Scene): boolean {
  return (
    diagnosis.verdict === "well" || (diagnosis.verdict === "unwell" && leftOf(diagnosis, scene).length === 0)
  );
}

function leftOf(diagnosis: Diagnosis, { beside }: Scene): readonly string[] {
  return seriousRoots(diagnosis)
    .filter(({ id }) => !beside.includes(id))
    .map(({ key }) => key);
}

function taken({ action, unasked, outcome }: Step): TakenStep {
  const { status, summary } = outcome;
  // What was over before it was to be ended has ended by itself.
  const acted = mayHaveActed(outcome) && status !== "already-done";
  return { action: action.id, unasked, status, says: summary, acted };
}

interface SoFar {
  readonly scene: Scene;
  readonly steps: readonly Step[];
  readonly refused: Map<string, Refusal>;
}

/** As an incident does: what was refused for the moment only is tried again. */
function nextOf(diagnosis: Diagnosis, { scene, steps, refused }: SoFar): ProposedAction | undefined {
  return remediesOf(diagnosis).find((action) => {
    const key = actionKeyOf(action);
    const before = steps.filter((step) => actionKeyOf(step.action) === key);
    const lasting = before.some(
      ({ outcome: { status, refusal } }) => status !== "refused" || !keepsApproval(refusal?.guard ?? ""),
    );
    if (lasting || before.length >= 3) return false;
    const no = unsureRefusal(action);
    if (no === null || scene.asked) return true;
    refused.set(no.guard, no);
    return false;
  });
}

/** What the guards do not let be done unasked is asked about, as an incident does at its next look. */
async function stepOf(action: ProposedAction, scene: Scene): Promise<Step> {
  const { scenario, server, settings, clock, asked } = scene;
  const order = { action, target: targetAt(scenario, server), clock, settings };
  const sure = unsureRefusal(action) === null;
  scene.acts();
  const first = await carriedOut({ ...order, unasked: sure });
  if (!sure || first.outcome.status !== "refused" || !asked) return { action, unasked: sure, ...first };
  return { action, unasked: false, ...(await carriedOut({ ...order, unasked: false })) };
}

/** Numbers that somebody made up cannot tell how it went on: once something was done the database alone is asked. */
async function looked(
  { scenario, server, settings, outside }: Scene,
  done: readonly Step[],
): Promise<Diagnosis> {
  const { target, collectedAt, connection, probes } = await look(scenario, server, settings);
  const seen = done.length === 0 ? outside : unmeasured(outside);
  const missing: Evidence["missing"] = [];
  const inside = { schema: "evidence.v1", target, collectedAt, connection, probes, missing } as const;
  return diagnose({ ...inside, ...seen }, settings);
}

function unmeasured({ context }: Scene["outside"]): Scene["outside"] {
  const seen = { signal: null, metrics: [] };
  return context === undefined || context === null
    ? seen
    : { ...seen, context: { ...context, readings: [], load: null, sourceLoad: null } };
}
