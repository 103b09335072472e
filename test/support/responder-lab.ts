import { StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import { createMemoryAlarmStates } from "../../functions/adapters/memory/memory-alarm-states.ts";
import { createMemoryAlarms, type MemoryAlarm } from "../../functions/adapters/memory/memory-alarms.ts";
import { createMemoryDeadLetters } from "../../functions/adapters/memory/memory-dead-letters.ts";
import { createMemoryEvidenceStore } from "../../functions/adapters/memory/memory-evidence-store.ts";
import { createMemoryIncidentStore } from "../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryKillSwitch } from "../../functions/adapters/memory/memory-kill-switch.ts";
import { createMemoryMetrics } from "../../functions/adapters/memory/memory-metrics.ts";
import { createMemoryRdsControl } from "../../functions/adapters/memory/memory-rds-control.ts";
import { createMemorySettings } from "../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../functions/adapters/memory/memory-workflow.ts";
import type { AlarmState } from "../../functions/core/context-ports.ts";
import type { Target } from "../../functions/core/contract/target.ts";
import { decisionSchema } from "../../functions/core/contract/workflow.ts";
import type { Chat, Clock, Databases, Ids, Log, Metrics } from "../../functions/core/ports.ts";
import { createHandler as actMysql } from "../../functions/handlers/act-mysql.ts";
import { createHandler as actPostgres } from "../../functions/handlers/act-postgres.ts";
import { createHandler as collect } from "../../functions/handlers/collect.ts";
import { createHandler as coordinate } from "../../functions/handlers/coordinate.ts";
import { createHandler as intake } from "../../functions/handlers/intake.ts";
import { createHandler as interaction } from "../../functions/handlers/interaction.ts";
import { createHandler as probeMysql } from "../../functions/handlers/probe-mysql.ts";
import { createHandler as probePostgres } from "../../functions/handlers/probe-postgres.ts";
import { createHandler as sweep } from "../../functions/handlers/sweep.ts";

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
  /** For pauses after a conflict; 0 where time stands still. */
  readonly random?: () => number;
  readonly metrics?: Metrics;
  readonly alarms?: readonly MemoryAlarm[];
  /** How alarms stand; read at each look. */
  readonly alarmStates?: readonly AlarmState[];
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
    random: props.random ?? Math.random,
    chat,
    workflow,
    incidents: createMemoryIncidentStore(),
    evidence: createMemoryEvidenceStore(),
    settings: createMemorySettings(props.settings),
    killSwitch: createMemoryKillSwitch(),
    rds: createMemoryRdsControl({ targets: props.targets }),
    metrics: props.metrics ?? createMemoryMetrics([]),
    alarms: createMemoryAlarms(props.alarms ?? []),
    // An alarm that is not in the list does not exist any more, and holds nothing back.
    alarmStates: createMemoryAlarmStates(props.alarmStates ?? []),
    deadLetters: createMemoryDeadLetters(),
    databases: () => databases,
    signingSecret: async () => props.signingSecret ?? "lab-signing-secret",
    answer: async () => "sent" as const,
  };
  const coordinator = coordinate(deps);
  const states: Readonly<Record<string, StateHandler>> = {
    WakeCoordinate: awake,
    WakeCollect: awake,
    WakeProbePostgres: awake,
    WakeProbeMysql: awake,
    Prepare: coordinator,
    NextRun: coordinator,
    Continue: startNext(workflow),
    Collect: collect(deps),
    ProbePostgres: probePostgres(deps),
    ProbeMysql: probeMysql(deps),
    Diagnose: coordinator,
    Announce: coordinator,
    Authorize: coordinator,
    ActOnPostgres: actPostgres(deps),
    ActOnMysql: actMysql(deps),
    Record: coordinator,
    AskApproval: coordinator,
    Close: coordinator,
    GiveUp: coordinator,
    TellUnknown: coordinator,
  };
  const stopped = new AbortController();
  const run = (name: string, input: unknown): Promise<unknown> =>
    runMachine(name, input, states, workflow, props, stopped.signal);
  workflow.onStart(async ({ name, input }) => {
    await run(name, input);
  });
  /** Ends every execution: one whose incident lasts would look at the database for as long as the process lives. */
  const stop = async (): Promise<void> => {
    stopped.abort();
    await workflow.idle();
  };
  return {
    deps,
    workflow,
    states,
    run,
    stop,
    sweep: sweep(deps),
    intake: intake(deps),
    interaction: interaction(deps),
  };
}

/** The machine's own parameters, its token replaced by one of the lab. */
const askedSchema = z.looseObject({ step: z.literal("ask-approval"), input: z.looseObject({}) });
/** Prepare after a wait knows what was waited for. */
const preparedAfterSchema = z.object({ step: z.literal("prepare"), input: decisionSchema });

type MemoryWorkflow = ReturnType<typeof createMemoryWorkflow>;

/** One execution of the machine; waits are skipped, task tokens go through the in-memory workflow. */
async function runMachine(
  name: string,
  input: unknown,
  states: Readonly<Record<string, StateHandler>>,
  workflow: MemoryWorkflow,
  props: ResponderLabProps,
  stopped: AbortSignal,
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
    const asked = askedSchema.parse(payloadOf(parameters));
    await ask?.({ ...asked, input: { ...asked.input, taskToken } });
    return decided;
  };
  // The machine's own wait is fixed before it starts; the clock is moved by what the step asks for.
  const { Prepare } = handlers;
  handlers["Prepare"] = async (state) => {
    const seen = preparedAfterSchema.safeParse(state);
    if (seen.success && seen.data.input.step.kind === "watch")
      await props.onWatch?.(seen.data.input.step.seconds);
    return Prepare?.(state);
  };
  for (const acting of ["ActOnPostgres", "ActOnMysql"]) {
    handlers[acting] = withRetries(handlers[acting] ?? awake);
  }
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
    context: {
      Execution: { Name: name, Input: {} },
      StateMachine: { Id: "lab", Name: "respond" },
      Task: { Token: "set by the lab" },
      State: { RetryCount: 0 },
    },
  });
  if (stopped.aborted) execution.abort();
  stopped.addEventListener("abort", execution.abort, { once: true });
  return execution.result;
}

const actedOnSchema = z.looseObject({ order: z.looseObject({ orderId: z.string() }) });

/** The emulator's context object does not move; on AWS State.RetryCount counts the calls of one state. */
function withRetries(handler: StateHandler): StateHandler {
  const calls = new Map<string, number>();
  return async (input) => {
    const acted = actedOnSchema.parse(payloadOf(input));
    const retries = calls.get(acted.order.orderId) ?? 0;
    calls.set(acted.order.orderId, retries + 1);
    return handler({ ...acted, retries });
  };
}

const nextSchema = z.object({ Name: z.string(), Input: z.unknown() });

/** Step Functions' own call. */
function startNext(workflow: MemoryWorkflow): StateHandler {
  return async (parameters) => {
    const { Name, Input } = nextSchema.parse(parameters);
    return workflow.start(Name, Input);
  };
}

/** Nothing is cold here. */
const awake: StateHandler = async () => ({ awake: true });

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
