import { setTimeout as sleep } from "node:timers/promises";
import type { ServerProcess } from "../../engines/server-process.ts";
import { familyOf } from "./process-family.ts";

interface Running {
  readonly port: number;
  readonly process: ServerProcess;
}

interface EndStep {
  readonly signal: NodeJS.Signals;
  readonly waitMs: number;
}

/** The process of an engine that is started again and again on the same data. */
export interface EngineProcess {
  running(): Running | null;
  start(): Promise<void>;
  end(...steps: readonly EndStep[]): Promise<void>;
  signal(signal: NodeJS.Signals): boolean;
}

const longestMs = 2_000_000_000;

/** `changed` is called when a process is ready, and when one has ended, whoever ended it. */
export function createEngineProcess(launch: () => Promise<Running>, changed: () => void): EngineProcess {
  let current: Running | null = null;
  const gone = (running: Running) => {
    if (current !== running) return;
    current = null;
    changed();
  };
  const watch = async (running: Running): Promise<void> => {
    if (await running.process.ended(longestMs)) gone(running);
  };
  return {
    running: () => current,
    start: async () => {
      if (current !== null) return;
      const started = await patiently(launch);
      current = started;
      void watch(started);
      changed();
    },
    end: async (...steps) => {
      const running = current;
      if (running === null) return;
      await running.process.end(...steps);
      gone(running);
    },
    signal: (signal) => {
      if (current === null) return false;
      for (const pid of familyOf(current.process.pid)) send(pid, signal);
      return true;
    },
  };
}

/** What a killed postmaster leaves behind takes a moment to go, and its directory is not free before. */
async function patiently(launch: () => Promise<Running>): Promise<Running> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await launch();
    } catch (error) {
      if (attempt === 40 || !String(error).includes("is still in use")) throw error;
      await sleep(250);
    }
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
