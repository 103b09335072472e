import { messageOf, ResponderError } from "../../core/errors.ts";
import type { Workflow } from "../../core/ports.ts";

export interface StartedExecution {
  readonly name: string;
  readonly input: unknown;
}

export interface MemoryWorkflow extends Workflow {
  /** Every execution that was started, oldest first. */
  readonly starts: readonly StartedExecution[];
  /** Errors of runners, as "name: message". */
  readonly failures: readonly string[];
  /** Runs for every execution started from now on; the start does not wait for it. */
  onStart(runner: (execution: StartedExecution) => Promise<void>): void;
  /** A state that waits for its task token: resolves with the output handed over, rejects when it expires. */
  waitFor(taskToken: string): Promise<unknown>;
  /** Ends such a wait like the state's timeout. */
  expire(taskToken: string): void;
  /** Resolves when no runner is at work. */
  idle(): Promise<void>;
}

interface Waiting {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

export function createMemoryWorkflow(): MemoryWorkflow {
  const starts: StartedExecution[] = [];
  const failures: string[] = [];
  const running = new Set<Promise<void>>();
  const alive = new Set<string>();
  const waiting = new Map<string, Waiting>();
  let runner: ((execution: StartedExecution) => Promise<void>) | null = null;

  function run(execution: StartedExecution): void {
    if (!runner) return;
    alive.add(execution.name);
    const work = runner(execution)
      .catch((error: unknown) => {
        failures.push(`${execution.name}: ${messageOf(error)}`);
      })
      .finally(() => {
        alive.delete(execution.name);
        running.delete(work);
      });
    running.add(work);
  }

  return {
    starts,
    failures,
    ...tokensOf(waiting),
    onStart: (next) => {
      runner = next;
    },
    stateOf: async (name) => {
      if (!starts.some((execution) => execution.name === name)) return "unknown";
      return alive.has(name) ? "running" : "ended";
    },
    start: async (name, input) => {
      if (starts.some((execution) => execution.name === name)) return "already-started";
      const execution = { name, input: copyOf(input) };
      starts.push(execution);
      run(execution);
      return "started";
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

function tokensOf(waiting: Map<string, Waiting>): Pick<MemoryWorkflow, "waitFor" | "expire" | "succeed"> {
  const take = (taskToken: string) => {
    const state = waiting.get(taskToken);
    waiting.delete(taskToken);
    return state;
  };
  return {
    waitFor: (taskToken) => new Promise((resolve, reject) => waiting.set(taskToken, { resolve, reject })),
    expire: (taskToken) => take(taskToken)?.reject(new ResponderError(`task ${taskToken} timed out`)),
    succeed: async (taskToken, output) => {
      const state = take(taskToken);
      state?.resolve(copyOf(output));
      return state ? "accepted" : "no-longer-waiting";
    },
  };
}

/** What passes through the state machine passes as JSON. */
function copyOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {}));
}
