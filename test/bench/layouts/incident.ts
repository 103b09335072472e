import { StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import { GiveUp, waitUntil } from "../../lab/engines/wait-until.ts";
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
  readonly cpuMs: number;
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
    const { result, cpuMs } = await fleet.handle(fn, event);
    states.push({ state, fn, event, fromMs, toMs: performance.now() - started, cpuMs });
    return result;
  };
  // EventBridge tells of the alarm, too, and nobody waits for whom it wakes up.
  const woken = layout.wokenByAlarm.map((fn) => fleet.handle(fn, { wake: true }));
  const taken = intakeSchema.parse(await call("intake", "intake", alarmEvent(database)));
  // What intake told Step Functions to start; the stand-in for it runs nothing.
  const input = { schema: "respond.v1", incidentId: taken.answers[0].incidentId, engine: "postgres" };
  const machine = startMachine(layout, input, scene.port, call);
  const first = await waitUntil(
    () => {
      machine.throwIfFailed();
      return slack.messages()[before];
    },
    { what: "the first message", timeoutMs: 30_000, everyMs: 1 },
  );
  const firstMessageMs = performance.now() - started;
  if (!first.text.includes("Probable cause"))
    throw new Error(`a first message without a diagnosis: ${first.text}`);
  await machine.stop();
  await Promise.all(woken);
  await fleet.idle();
  return { firstMessageMs, states };
}

const withTargetSchema = z.looseObject({ target: z.looseObject({}) });

/** The states that give an assignment with the address that RDS told. */
const addressing: ReadonlySet<string> = new Set(["Prepare", "Locate"]);

/**
 * The stand-in for RDS gives the instance an address that nobody answers at, so the assignment is sent on
 * with the address of the lab's server.
 */
function atPort(assignment: unknown, port: number): unknown {
  const { target, ...rest } = withTargetSchema.parse(assignment);
  return { ...rest, target: { ...target, host: "127.0.0.1", port } };
}

interface Machine {
  /** With the error of the state that died. */
  throwIfFailed(): void;
  stop(): Promise<void>;
}

type Call = (state: string, fn: string, event: unknown) => Promise<unknown>;

function startMachine(layout: Layout, input: object, port: number, call: Call): Machine {
  const handler = (state: string, fn: string) => async (parameters: unknown) => {
    const result = await call(state, fn, parameters);
    return JSON.parse(JSON.stringify(addressing.has(state) ? atPort(result, port) : result));
  };
  const handlers = Object.fromEntries([...layout.states].map(([state, fn]) => [state, handler(state, fn)]));
  const machine = new StateMachine(layout.definition, { validationOptions: { noValidate: true } });
  const execution = machine.run(JSON.parse(JSON.stringify(input)), {
    overrides: { taskResourceLocalHandlers: handlers },
    noThrowOnAbort: true,
    context: { Execution: { Name: "bench", Input: {} }, Task: { Token: "none" } },
  });
  const failures: unknown[] = [];
  execution.result.catch((error: unknown) => failures.push(error));
  return {
    throwIfFailed: () => {
      if (failures.length > 0) throw new GiveUp("the machine died", { cause: failures[0] });
    },
    stop: async () => {
      execution.abort();
      await execution.result;
    },
  };
}
