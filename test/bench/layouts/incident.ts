import { StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import { waitUntil } from "../../lab/engines/wait-until.ts";
import type { SlackLab } from "../../lab/slack/server.ts";
import { alarmEvent } from "../../workflow/support.ts";
import type { Fleet } from "./fleet.ts";
import type { Layout } from "./layout.ts";

export interface Scene {
  readonly slack: SlackLab;
  /** Where the one database really listens. */
  readonly port: number;
}

export interface StateRun {
  readonly state: string;
  readonly fn: string;
  readonly event: unknown;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface IncidentRun {
  /** From the alarm going in to the root message, with its diagnosis, arriving at Slack. */
  readonly firstMessageMs: number;
  readonly states: readonly StateRun[];
}

const intakeSchema = z.object({
  answers: z.tuple([z.object({ kind: z.literal("opened"), incidentId: z.string() })]),
});

/** One incident up to its first message. Then the machine stops, and everybody finishes what they are at. */
export async function runIncident(
  layout: Layout,
  fleet: Fleet,
  scene: Scene,
  database: string,
): Promise<IncidentRun> {
  const { slack } = scene;
  const before = slack.messages().length;
  const started = performance.now();
  const states: StateRun[] = [];
  const call = async (state: string, fn: string, event: unknown): Promise<unknown> => {
    const fromMs = performance.now() - started;
    const result = await fleet.handle(fn, event);
    states.push({ state, fn, event, fromMs, toMs: performance.now() - started });
    return result;
  };
  const taken = intakeSchema.parse(await call("intake", "intake", alarmEvent(database)));
  // What intake told Step Functions to start; the stand-in for it runs nothing.
  const input = { schema: "respond.v1", incidentId: taken.answers[0].incidentId, engine: "postgres" };
  const machine = startMachine(layout, input, scene.port, call);
  const first = await waitUntil(() => slack.messages()[before], {
    what: "the first message",
    timeoutMs: 30_000,
    everyMs: 1,
  });
  const firstMessageMs = performance.now() - started;
  if (!first.text.includes("Probable cause"))
    throw new Error(`a first message without a diagnosis: ${first.text}`);
  await machine.stop();
  await fleet.idle();
  return { firstMessageMs, states };
}

const withTargetSchema = z.looseObject({ target: z.looseObject({}) });

/**
 * The stand-in for RDS gives the instance an address that nobody answers at, so Prepare's assignment is sent on
 * with the address of the lab's server.
 */
function atPort(assignment: unknown, port: number): unknown {
  const { target, ...rest } = withTargetSchema.parse(assignment);
  return { ...rest, target: { ...target, host: "127.0.0.1", port } };
}

type Call = (state: string, fn: string, event: unknown) => Promise<unknown>;

function startMachine(layout: Layout, input: object, port: number, call: Call): { stop(): Promise<void> } {
  const handler = (state: string, fn: string) => async (parameters: unknown) => {
    const result = await call(state, fn, layout.eventOf(parameters));
    return JSON.parse(JSON.stringify(state === "Prepare" ? atPort(result, port) : result));
  };
  const handlers = Object.fromEntries([...layout.states].map(([state, fn]) => [state, handler(state, fn)]));
  const machine = new StateMachine(layout.definition, { validationOptions: { noValidate: true } });
  const execution = machine.run(JSON.parse(JSON.stringify(input)), {
    overrides: { taskResourceLocalHandlers: handlers },
    noThrowOnAbort: true,
    context: { Execution: { Name: "bench", Input: {} }, Task: { Token: "none" } },
  });
  execution.result.catch(() => undefined);
  return {
    stop: async () => {
      execution.abort();
      await execution.result;
    },
  };
}
