import { StateMachine } from "aws-local-stepfunctions";
import * as z from "zod";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createCountingIds } from "../../functions/adapters/memory/counting-ids.ts";
import { createMemoryChat } from "../../functions/adapters/memory/memory-chat.ts";
import { createMemoryFailover } from "../../functions/adapters/memory/memory-failover.ts";
import { createMemoryIncidentStore } from "../../functions/adapters/memory/memory-incident-store.ts";
import { createMemoryKillSwitch } from "../../functions/adapters/memory/memory-kill-switch.ts";
import { createMemorySettings } from "../../functions/adapters/memory/memory-settings.ts";
import { createMemoryWorkflow } from "../../functions/adapters/memory/memory-workflow.ts";
import { ResponderError } from "../../functions/core/errors.ts";
import { knownSituation } from "../../functions/core/failover/known-situation.ts";
import type { FailoverPorts } from "../../functions/core/failover/ports.ts";
import { createThreadVoice } from "../../functions/core/failover/thread-voice.ts";
import { createHandler } from "../../functions/handlers/failover.ts";
import { createFailoverWorld } from "./skipped-world.ts";
import { failoverDefinition } from "./synth.ts";

export interface FailoverLabOptions {
  readonly settings?: object;
  readonly replicas?: number;
  /** Around every call of a port that changes something or is asked: to let the function die there. */
  readonly around?: (ports: FailoverPorts, killed: Killed) => FailoverPorts;
}

/** The death of the function in the middle of a call: what hung on it hangs for ever. */
export interface Killed {
  next(): Promise<never>;
  strike(): Promise<never>;
}

function createKilled(): Killed {
  let reject: (error: Error) => void = () => undefined;
  return {
    next: () =>
      new Promise((_, no) => {
        reject = no;
      }),
    strike: () => {
      reject(new ResponderError("the function was killed"));
      return new Promise(() => undefined);
    },
  };
}

let definition: object | undefined;

/** The failover machine as synthesized, with its real handler, over in-memory twins of everything outside. */
export function createFailoverLab({
  settings = {},
  replicas = 2,
  around = (it: FailoverPorts) => it,
}: FailoverLabOptions) {
  definition ??= failoverDefinition();
  const asl = definition;
  const { world, clock, skip } = createFailoverWorld(replicas);
  const log = createCollectingLog();
  const chat = createMemoryChat({ clock });
  const incidents = createMemoryIncidentStore(log);
  const memory = createMemoryFailover(world);
  const channel = async () => "#db-incidents";
  const voice = createThreadVoice({ chat, runs: memory.runs, clock, log, channel });
  const plain = { ...memory, voice };
  const killed = createKilled();
  const ports = around(plain, killed);
  const workflow = createMemoryWorkflow();
  const killSwitch = createMemoryKillSwitch();
  const deps = {
    ...{ ports, clock, log, incidents, workflow, ids: createCountingIds("call") },
    settings: createMemorySettings(settings, { clock, log }),
    killSwitch,
    situation: (run: Parameters<typeof knownSituation>[0]) =>
      knownSituation(run, { incidents, killSwitch, lock: plain.lock, runs: plain.runs }),
  };
  const handler = createHandler(deps);
  const visited: string[] = [];

  async function start(
    name: string,
    input: unknown,
  ): Promise<{ readonly output: unknown; readonly error: string | null }> {
    const machine = new StateMachine(JSON.parse(JSON.stringify(asl)), {
      validationOptions: { noValidate: true },
    });
    const execution = machine.run(JSON.parse(JSON.stringify(input)), optionsOf(name));
    try {
      return { output: await execution.result, error: null };
    } catch (error) {
      return { output: null, error: `${error instanceof Error ? `${error.name}: ${error.message}` : error}` };
    }
  }

  function optionsOf(name: string): Parameters<StateMachine["run"]>[1] {
    const states = taskNames(asl);
    // The interpreter's context object does not move; on AWS State.RetryCount counts the calls of one state.
    let retries = 0;
    const local = async (state: string, event: unknown) => {
      if (visited.at(-1) !== state) visited.push(state);
      const seen = stepSchema.parse(event);
      if (seen.input?.seconds !== undefined) skip(seen.input.seconds * 1000);
      try {
        const output = await Promise.race([
          handler(seen.step === "go-on" ? { ...seen, retries } : seen),
          killed.next(),
        ]);
        retries = 0;
        return JSON.parse(JSON.stringify(output));
      } catch (error) {
        retries += 1;
        skip(5000);
        throw error;
      }
    };
    return {
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(
          states.map((state) => [state, (event: unknown) => local(state, event)]),
        ),
        waitTimeOverrides: { UntilNextLook: 0 },
        retryIntervalOverrides: Object.fromEntries(states.map((state) => [state, 0])),
      },
      context: {
        Execution: { Name: name, Input: {} },
        StateMachine: { Id: "lab", Name: "failover" },
        State: { RetryCount: 0 },
      },
    };
  }
  workflow.onStart(async ({ name, input }) => {
    await start(name, input);
  });
  return { world, clock, skip, chat, log, incidents, ports: plain, deps, handler, start, visited, workflow };
}

/** A state's wait is skipped by the interpreter: the time of it passes here. */
const stepSchema = z.looseObject({
  step: z.string(),
  input: z.looseObject({ seconds: z.number().optional() }).optional().catch(undefined),
});

function taskNames(asl: object): readonly string[] {
  const states = "States" in asl && typeof asl.States === "object" ? asl.States : {};
  return Object.entries(states ?? {}).flatMap(([name, state]: [string, { Type?: string }]) =>
    state.Type === "Task" ? [name] : [],
  );
}
