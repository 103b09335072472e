import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { type EndSignal, guardProcess, releaseProcess } from "./process-guard.ts";
import type { Identity } from "./server-identity.ts";
import { GiveUp, waitUntil } from "./wait-until.ts";

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly identity?: Identity | undefined;
  readonly logFile: string;
  /** The throwaway directory that is deleted when this process crashes. */
  readonly directory: string;
  readonly endSignal: EndSignal;
}

export interface ServerProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Polls `check` until it holds; fails at once, with the end of the server's log, when the server has ended. */
  ready(check: () => Promise<boolean> | boolean, timeoutMs?: number): Promise<void>;
  /** Sends the signals in turn, giving each its time, until the process has ended. */
  end(...steps: readonly { signal: NodeJS.Signals; waitMs: number }[]): Promise<void>;
  /** Resolves true when the process ends by itself in time. */
  ended(waitMs: number): Promise<boolean>;
}

export function startProcess(options: ServerCommand): ServerProcess {
  const { command, directory, endSignal, logFile } = options;
  const child = launch(options);
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} did not start; see ${logFile}`);
  guardProcess({ pid, signal: endSignal, directory });
  child.once("exit", () => releaseProcess(pid));
  // A test that forgets to stop a server must still be able to end; the exit hook stops the server then.
  child.unref();
  const ended = (waitMs: number) => waitForExit(child, waitMs);
  return {
    pid,
    logFile,
    ended,
    ready: async (check, timeoutMs = 30_000) => {
      await waitUntil(() => (hasEnded(child) ? giveUp(command, logFile) : check()), {
        what: `${command} accepts connections`,
        timeoutMs,
        everyMs: 5,
      });
    },
    end: async (...steps) => {
      for (const { signal, waitMs } of steps) {
        if (hasEnded(child)) return;
        child.kill(signal);
        // A fault may have frozen it, and a frozen process hears nothing but SIGKILL.
        child.kill("SIGCONT");
        if (await ended(waitMs)) return;
      }
      if (!hasEnded(child)) throw new Error(`${command} (pid ${pid}) does not end; see ${logFile}`);
    },
  };
}

function launch({ command, args, env, identity, logFile }: ServerCommand): ChildProcess {
  const log = openSync(logFile, "a", 0o644);
  try {
    // Its own session: Ctrl-C in a terminal reaches this process, which then stops the servers in its own order.
    const child = spawn(command, args, {
      cwd: "/",
      env: { ...process.env, LC_ALL: "C", TZ: "UTC", ...env },
      stdio: ["ignore", log, log],
      detached: true,
      ...identity,
    });
    // Reported through the missing pid.
    child.on("error", () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function waitForExit(child: ChildProcess, waitMs: number): Promise<boolean> {
  if (hasEnded(child)) return Promise.resolve(true);
  return new Promise((resolve) => {
    const settle = (result: boolean) => {
      clearTimeout(timer);
      child.removeListener("exit", onExit);
      child.unref();
      resolve(result);
    };
    const onExit = () => settle(true);
    const timer = setTimeout(() => settle(false), waitMs);
    child.ref();
    child.once("exit", onExit);
  });
}

function giveUp(command: string, logFile: string): never {
  throw new GiveUp(`${command} ended while starting:\n${readFileSync(logFile, "utf8").slice(-3000)}`);
}
