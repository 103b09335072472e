import { StateMachine } from "aws-local-stepfunctions";
import { createMemoryAlarms, type MemoryAlarm } from "../../functions/adapters/memory/memory-alarms.ts";
import { createMemoryDeadLetters } from "../../functions/adapters/memory/memory-dead-letters.ts";
import { createMemoryEvidenceStore } from "../../functions/adapters/memory/memory-evidence-store.ts";
import { createMemoryIncidentStore } from "../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryKillSwitch } from "../../functions/adapters/memory/memory-kill-switch.ts";
import { createMemoryMetrics } from "../../functions/adapters/memory/memory-metrics.ts";
import { createMemoryRdsControl } from "../../functions/adapters/memory/memory-rds-control.ts";
import { createMemorySettings } from "../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../functions/adapters/memory/memory-workflow.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { decisionSchema } from "../../functions/core/contract/workflow.ts";
import type { Chat, Clock, Databases, Ids, Log, Metrics } from "../../functions/core/ports.ts";
import { createHandler as actDb } from "../../functions/handlers/act-db.ts";
import { createHandler as announce } from "../../functions/handlers/announce.ts";
import { createHandler as askApproval } from "../../functions/handlers/ask-approval.ts";
import { createHandler as authorize } from "../../functions/handlers/authorize.ts";
import { createHandler as close } from "../../functions/handlers/close.ts";
import { createHandler as collect } from "../../functions/handlers/collect.ts";
import { createHandler as diagnose } from "../../functions/handlers/diagnose.ts";
import { createHandler as giveUp } from "../../functions/handlers/give-up.ts";
import { createHandler as intake } from "../../functions/handlers/intake.ts";
import { createHandler as interaction } from "../../functions/handlers/interaction.ts";
import { createHandler as prepare } from "../../functions/handlers/prepare.ts";
import { createHandler as probe } from "../../functions/handlers/probe.ts";
import { createHandler as record } from "../../functions/handlers/record.ts";

export type StateHandler = (input: unknown) => Promise<unknown>;

export interface ResponderLabProps {
  /** ASL from the synthesized template. */
  readonly definition: object;
  readonly targets: readonly Target[];
  readonly databases: Databases;
  readonly settings: unknown;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics?: Metrics;
  readonly alarms?: readonly MemoryAlarm[];
  readonly signingSecret?: string;
  /** Instead of waiting: called with the seconds that a Watch state asks for. */
  readonly onWatch?: (seconds: number) => void | Promise<void>;
  /** Real time that a Watch state takes. */
  readonly watchMs?: number;
  /** Wraps the handler of every state, for instance to let it die. */
  readonly around?: (state: string, handler: StateHandler) => StateHandler;
}

/** The responder as deployed, over in-memory twins of AWS: real handlers, the synthesized state machine. */
export function createResponderLab(props: ResponderLabProps) {
  const { clock, ids, log, chat, databases } = props;
  const workflow = createMemoryWorkflow();
  const deps = {
    clock,
    ids,
    log,
    chat,
    workflow,
    incidents: createMemoryIncidentStore(),
    evidence: createMemoryEvidenceStore(),
    settings: createMemorySettings(props.settings),
    killSwitch: createMemoryKillSwitch(),
    rds: createMemoryRdsControl({ targets: props.targets }),
    metrics: props.metrics ?? createMemoryMetrics([]),
    alarms: createMemoryAlarms(props.alarms ?? []),
    deadLetters: createMemoryDeadLetters(),
    databases: () => databases,
    signingSecret: props.signingSecret ?? "lab-signing-secret",
    answer: async () => undefined,
  };
  const states: Readonly<Record<string, StateHandler>> = {
    Prepare: prepare(deps),
    Collect: collect(deps),
    Probe: probe(deps),
    Diagnose: diagnose(deps),
    Announce: announce(deps),
    Authorize: authorize(deps),
    ActOnDatabase: actDb(deps),
    Record: record(deps),
    AskApproval: askApproval(deps),
    Close: close(deps),
    GiveUp: giveUp(deps),
  };
  const run = (name: string, input: unknown): Promise<unknown> =>
    runMachine(name, input, states, workflow, props);
  workflow.onStart(async ({ name, input }) => {
    await run(name, input);
  });
  return { deps, workflow, states, run, intake: intake(deps), interaction: interaction(deps) };
}

type MemoryWorkflow = ReturnType<typeof createMemoryWorkflow>;

/** One execution of the machine; waits are skipped, task tokens go through the in-memory workflow. */
async function runMachine(
  name: string,
  input: unknown,
  states: Readonly<Record<string, StateHandler>>,
  workflow: MemoryWorkflow,
  props: ResponderLabProps,
): Promise<unknown> {
  const wrap = props.around ?? ((_state, handler) => handler);
  let tokens = 0;
  const handlers: Record<string, StateHandler> = {};
  for (const [state, handler] of Object.entries(states)) handlers[state] = asJson(wrap(state, handler));
  const ask = handlers["AskApproval"];
  handlers["AskApproval"] = async (parameters) => {
    tokens += 1;
    const taskToken = `${name}#${tokens}`;
    // The wait begins before the question is out: an answer may come at once.
    const decided = workflow.waitFor(taskToken);
    await ask?.({ ...payloadOf(parameters), taskToken });
    return decided;
  };
  // The machine's own wait is fixed before it starts; the clock is moved by what the step asks for.
  const { Prepare } = handlers;
  handlers["Prepare"] = async (state) => {
    const seen = decisionSchema.safeParse(state);
    if (seen.success && seen.data.step.kind === "watch") await props.onWatch?.(seen.data.step.seconds);
    return Prepare?.(state);
  };
  const machine = new StateMachine(JSON.parse(JSON.stringify(props.definition)), {
    validationOptions: { noValidate: true },
  });
  const retries = Object.fromEntries(Object.keys(states).map((state) => [state, 5]));
  const execution = machine.run(JSON.parse(JSON.stringify(input)), {
    overrides: {
      taskResourceLocalHandlers: handlersOf(handlers),
      waitTimeOverrides: { Watch: props.watchMs ?? 0 },
      retryIntervalOverrides: retries,
    },
    context: { Execution: { Name: name, Input: {} }, Task: { Token: "set by the lab" } },
  });
  return execution.result;
}

/** What passes between states passes as JSON. */
function asJson(handler: StateHandler): StateHandler {
  return async (input) => JSON.parse(JSON.stringify((await handler(input)) ?? {}));
}

function payloadOf(parameters: unknown): object {
  if (typeof parameters !== "object" || parameters === null) return {};
  const payload = "Payload" in parameters ? parameters.Payload : parameters;
  return typeof payload === "object" && payload !== null ? payload : {};
}

type LocalHandlers = NonNullable<
  NonNullable<NonNullable<Parameters<StateMachine["run"]>[1]>["overrides"]>["taskResourceLocalHandlers"]
>;

function handlersOf(handlers: Readonly<Record<string, StateHandler>>): LocalHandlers {
  const local: LocalHandlers = {};
  for (const [state, handler] of Object.entries(handlers)) {
    local[state] = async (input: unknown) => JSON.parse(JSON.stringify((await handler(input)) ?? {}));
  }
  return local;
}
