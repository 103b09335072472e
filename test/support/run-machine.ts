import { StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import type { createMemoryWorkflow } from "../../functions/adapters/memory/memory-workflow.ts";
import { decisionSchema } from "../../functions/core/contract/workflow.ts";
import { payloadOf } from "./machine-payload.ts";

export type StateHandler = (input: unknown) => Promise<unknown>;

/** How the machine of a lab runs. */
export interface MachineProps {
  /** ASL from the synthesized template. */
  readonly definition: object;
  /** Instead of waiting: called with the seconds that a Watch state asks for. */
  readonly onWatch?: (seconds: number) => void | Promise<void>;
  /** Called with the seconds of a long wait before it is skipped: a signal that is sent here ends it. */
  readonly onRest?: (seconds: number) => void | Promise<void>;
  /** Real time that a Watch state takes. */
  readonly watchMs?: number;
  /** Wraps the handler of every state, for instance to let it die. */
  readonly around?: (state: string, handler: StateHandler) => StateHandler;
}

/** The machine's own parameters, its token replaced by one of the lab. */
const restSchema = z.looseObject({
  step: z.literal("rest"),
  timeoutSeconds: z.number(),
  input: z.looseObject({}),
});
/** Prepare after a wait knows what was waited for. */
const preparedAfterSchema = z.object({ step: z.literal("prepare"), input: decisionSchema });

type MemoryWorkflow = ReturnType<typeof createMemoryWorkflow>;

/** One execution of the machine; waits are skipped, task tokens go through the in-memory workflow. */
export async function runMachine(
  name: string,
  input: unknown,
  states: Readonly<Record<string, StateHandler>>,
  workflow: MemoryWorkflow,
  props: MachineProps,
  stopped: AbortSignal,
): Promise<unknown> {
  const wrap = props.around ?? ((_state, handler) => handler);
  let tokens = 0;
  const handlers: Record<string, StateHandler> = {};
  for (const [state, handler] of Object.entries(states)) handlers[state] = asJson(wrap(state, handler));
  const restAsked = handlers["Rest"];
  let wasWoken = false;
  handlers["Rest"] = async (parameters) => {
    tokens += 1;
    const taskToken = `${name}#${tokens}`;
    const asked = restSchema.parse(payloadOf(parameters));
    const over = { kind: "watch", seconds: asked.timeoutSeconds, why: "nobody ended the wait" };
    const woken = workflow.waitFor(taskToken).then(
      (step) => ({ step, wasWoken: true }),
      () => ({ step: over, wasWoken: false }),
    );
    await restAsked?.({ ...asked, input: { ...asked.input, taskToken } });
    await props.onRest?.(asked.timeoutSeconds);
    // The wait is skipped: it is over as soon as nobody has ended it.
    workflow.expire(taskToken);
    // A time-out leads to the same state; the interpreter would take one that is thrown here for a failure to retry.
    const ended = await woken;
    wasWoken = ended.wasWoken;
    return ended.step;
  };
  // The machine's own wait is fixed before it starts; the clock is moved by what the step asks for.
  const { Prepare } = handlers;
  handlers["Prepare"] = async (state) => {
    const seen = preparedAfterSchema.safeParse(state);
    const skipped = !wasWoken;
    wasWoken = false;
    if (skipped && seen.success && seen.data.input.step.kind === "watch")
      await props.onWatch?.(seen.data.input.step.seconds);
    return Prepare?.(state);
  };
  const machine = new StateMachine(JSON.parse(JSON.stringify(props.definition)), {
    validationOptions: { noValidate: true },
  });
  const retries = Object.fromEntries(Object.keys(states).map((state) => [state, 5]));
  const execution = machine.run(JSON.parse(JSON.stringify(input)), {
    overrides: {
      taskResourceLocalHandlers: handlersOf(handlers),
      waitTimeOverrides: { Watch: props.watchMs ?? 0, ActAgain: 5 },
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

const nextSchema = z.object({ Name: z.string(), Input: z.unknown() });

/** Step Functions' own call. */
export function startNext(workflow: MemoryWorkflow): StateHandler {
  return async (parameters) => {
    const { Name, Input } = nextSchema.parse(parameters);
    return workflow.start(Name, Input);
  };
}

/** Nothing is cold here. */
export const awake: StateHandler = async () => ({ awake: true });

/** What passes between states passes as JSON. */
function asJson(handler: StateHandler): StateHandler {
  return async (input) => JSON.parse(JSON.stringify((await handler(input)) ?? {}));
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
