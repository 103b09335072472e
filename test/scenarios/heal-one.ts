import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { actionKeyOf, actsOn } from "../../functions/core/actions/action-key.ts";
import { executeOrder } from "../../functions/core/actions/execute.ts";
import type { Diagnosis, ProposedAction } from "../../functions/core/contract/finding.ts";
import { mayHaveActed, type Outcome } from "../../functions/core/contract/work-order.ts";
import { diagnose } from "../../functions/core/diagnosis/diagnose.ts";
import { unsureRefusal } from "../../functions/core/policy/sure.ts";
import { type Settings, settingsSchema } from "../../functions/core/settings.ts";
import { databasesWith } from "../../functions/wiring-databases.ts";
import { createResponderUsers, isPostgres, responderPassword, targetOf } from "../lab/demo/database.ts";
import type { LabServer } from "../lab/engines/lab-server.ts";
import { closeAll, createLabUsers, openSession } from "../lab/engines/sql.ts";
import { anOrder } from "../support/order-builder.ts";
import { look, startServer } from "./record.ts";
import type { Scenario } from "./scenario.ts";
import { createStage } from "./stage.ts";

export interface Healing {
  /** Gone with its root cause, and still so after the wait. */
  readonly healed: boolean;
  readonly root: string | null;
  readonly steps: readonly { readonly action: string; readonly unasked: boolean; readonly status: string }[];
  /** Sessions that were signalled and had no part in it. */
  readonly bystanders: readonly number[];
  /** From the first look to the look that is well; null when there was none. */
  readonly seconds: number | null;
  /** Why nothing was done, where nothing was. */
  readonly refused: readonly string[];
}

const clock = createSystemClock();
/** What is begun and goes on by itself (an index build) is followed for so long. */
const longestMs = 60_000;
const mostSteps = 3;
const mostLooks = 4;
/** Minutes made seconds: a fault is not kept standing until it is ripe. */
const ripe = { idleInTransactionSeconds: 1, killCandidateSeconds: 1, manyWaitingSeconds: 0.5 };

/**
 * Makes the fault, and lets the responder's own proposals be carried out: those that it would do unasked, and with
 * `asked` those too that a person would have agreed to, one after the other.
 */
export async function heal(
  scenario: Scenario,
  seed: number,
  asked: boolean,
  staysMs: number,
): Promise<Healing> {
  const server = await startServer(scenario, seed);
  const stage = createStage(server, seed);
  try {
    await createLabUsers(server);
    await createResponderUsers(server);
    await mayChangeObjects(server);
    const { culprits } = await scenario.make(stage);
    return await loop({ scenario, server, culprits, asked, staysMs });
  } finally {
    await stage.close();
    await server.stopNow();
  }
}

/** What `responder grants` names for whoever wants tables and indexes looked after, too. */
async function mayChangeObjects(server: LabServer): Promise<void> {
  if (!isPostgres(server)) return;
  const admin = await openSession(server, { user: "rdsadmin" });
  try {
    await admin.query("GRANT shop TO rds_responder_act");
  } finally {
    await closeAll([admin]);
  }
}

interface Scene {
  readonly scenario: Scenario;
  readonly server: LabServer;
  readonly culprits: readonly number[];
  readonly asked: boolean;
  readonly staysMs: number;
}

interface Step {
  readonly action: ProposedAction;
  readonly unasked: boolean;
  readonly outcome: Outcome;
}

async function loop(scene: Scene): Promise<Healing> {
  const settings = settingsSchema.parse({ thresholds: { ...scene.scenario.thresholds, ...ripe } });
  const started = clock.now();
  const steps: Step[] = [];
  const refused = new Set<string>();
  let diagnosis = await looked(scene, settings);
  const root = rootOf(diagnosis);
  for (let looks = 0; looks < mostLooks + steps.length; looks += 1) {
    if (steps.length >= mostSteps || diagnosis.verdict !== "unwell") break;
    const next = nextOf(diagnosis, { scene, steps, refused });
    // What is not ripe yet may be a moment later.
    if (next === undefined) await clock.sleep(700);
    else steps.push(await stepOf(next, scene, settings));
    diagnosis = await looked(scene, settings);
  }
  const seconds = (clock.now() - started) / 1000;
  const gone = (now: Diagnosis) => root !== null && !now.rootCauses.includes(root.key);
  const first = gone(diagnosis);
  if (first) await clock.sleep(scene.staysMs);
  const healed = first && gone(await looked(scene, settings));
  for (const { outcome } of steps) if (outcome.refusal !== null) refused.add(outcome.refusal.guard);
  return {
    healed,
    root: root?.id ?? null,
    steps: steps.map(({ action, unasked, outcome }) => ({
      action: action.id,
      unasked,
      status: outcome.status,
    })),
    bystanders: steps.flatMap(({ outcome }) => outcome.killed.filter((id) => !scene.culprits.includes(id))),
    seconds: healed ? seconds : null,
    refused: steps.some(({ outcome }) => mayHaveActed(outcome)) ? [] : [...refused],
  };
}

interface SoFar {
  readonly scene: Scene;
  readonly steps: readonly Step[];
  readonly refused: Set<string>;
}

function nextOf(diagnosis: Diagnosis, { scene, steps, refused }: SoFar): ProposedAction | undefined {
  const tried = new Set(steps.map(({ action }) => actionKeyOf(action)));
  return proposals(diagnosis).find((action) => {
    const no = unsureRefusal(action);
    if (no !== null) refused.add(no.guard);
    return !tried.has(actionKeyOf(action)) && (no === null || scene.asked);
  });
}

/** What the guards do not let be done unasked is asked about, as an incident does at its next look. */
async function stepOf(action: ProposedAction, scene: Scene, settings: Settings): Promise<Step> {
  const sure = unsureRefusal(action) === null;
  const first = await carriedOut(action, scene, settings, sure);
  if (!sure || first.status !== "refused" || !scene.asked) return { action, unasked: sure, outcome: first };
  return { action, unasked: false, outcome: await carriedOut(action, scene, settings, false) };
}

async function looked({ scenario, server }: Scene, settings: Settings): Promise<Diagnosis> {
  const report = await look(scenario, server, settings);
  const { target, collectedAt, connection, probes } = report;
  return diagnose(
    {
      ...{ schema: "evidence.v1", target, collectedAt, connection, probes },
      signal: null,
      metrics: [],
      missing: [],
    },
    settings,
  );
}

function rootOf({ rootCauses, findings }: Diagnosis) {
  return findings.find(({ key, severity }) => rootCauses.includes(key) && severity !== "P3") ?? null;
}

function proposals({ rootCauses, findings }: Diagnosis): readonly ProposedAction[] {
  return findings
    .filter(({ key, severity }) => rootCauses.includes(key) && severity !== "P3")
    .flatMap(({ actions }) => actions.filter(({ automatic, id }) => automatic && actsOn(id) === "database"));
}

async function carriedOut(
  { id, risk, input }: ProposedAction,
  { server }: Scene,
  { policy, probing }: Settings,
  unasked: boolean,
): Promise<Outcome> {
  const databases = databasesWith(
    async () => ({ user: "rds_responder_act", password: responderPassword, iam: false }),
    { mode: "off" },
  );
  const now = clock.now();
  const order = anOrder({
    ...{ actionId: id, risk, input, target: targetOf(server, "scenario-db") },
    issuedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + 60_000).toISOString(),
    guards: { ...policy, unasked },
  });
  const deps = { databases, clock, probing };
  let outcome = await executeOrder(order, deps, AbortSignal.timeout(45_000));
  const until = now + longestMs;
  while (outcome.status === "running" && outcome.running !== undefined && clock.now() < until) {
    await clock.sleep(500);
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    const follows = { ...outcome.running, mayTidy: true };
    outcome = await executeOrder({ ...order, expiresAt, follows }, deps, AbortSignal.timeout(45_000));
  }
  return outcome;
}
