import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** What a Lambda's runtime does: loads the bundle, then handles one event after the other. */
const runtime = `
const before = performance.now();
const { handler } = require(process.argv[2]);
const loadMs = performance.now() - before;
process.once("disconnect", () => process.exit());
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
process.on("message", async (event) => {
  try {
    const result = (await handler(event)) ?? null;
    process.send({ loadMs, cpuMs: cpuMs(), result });
  } catch (error) {
    process.send({ loadMs, cpuMs: cpuMs(), error: { name: error.name, message: error.message } });
  }
});
`;

/** A file and not `node -e`, and no TypeScript: both would cost what a Lambda does not pay. */
export function writeRuntime(directory: string): string {
  const file = join(directory, "runtime.cjs");
  writeFileSync(file, runtime);
  return file;
}

const answerSchema = z.object({
  loadMs: z.number(),
  cpuMs: z.number(),
  result: z.unknown().optional(),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
});
type Answer = z.infer<typeof answerSchema>;

export interface LambdaSpec {
  readonly name: string;
  readonly runtime: string;
  readonly bundle: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Handled {
  readonly result: unknown;
  /** Time that the process took to load its bundle, whenever that was. */
  readonly loadMs: number;
  /** Processor time of this event, with the start of the process when it was the first: the same on a busy machine. */
  readonly cpuMs: number;
}

export interface LambdaFunction {
  /** The first event starts the process; the next ones find it warm. One at a time, as in a Lambda's environment. */
  handle(event: unknown): Promise<Handled>;
  idle(): Promise<void>;
  /** Lets it finish what it is at. */
  stop(): Promise<void>;
}

export function createLambda(spec: LambdaSpec): LambdaFunction {
  let child: ChildProcess | null = null;
  let cpuMs = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function send(event: unknown): Promise<Handled> {
    child ??= start(spec);
    const answer = await exchange(child, event, spec.name);
    const before = cpuMs;
    cpuMs = answer.cpuMs;
    if (answer.error !== undefined) {
      throw Object.assign(new Error(answer.error.message), { name: answer.error.name });
    }
    return { result: answer.result, loadMs: answer.loadMs, cpuMs: cpuMs - before };
  }

  return {
    handle: (event) => {
      const mine = last.then(() => send(event));
      last = mine.catch(() => undefined);
      return mine;
    },
    idle: async () => {
      await last;
    },
    stop: async () => {
      await last;
      if (child === null) return;
      await ended(child);
      child = null;
    },
  };
}

/** Nothing of this process's environment goes along: a Lambda has what the stack gives it. */
function start({ runtime: file, bundle, env }: LambdaSpec): ChildProcess {
  return spawn(process.execPath, [file, bundle], {
    env: { ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
}

function exchange(child: ChildProcess, event: unknown, name: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error(`${name} died`));
    child.once("exit", gone);
    child.once("message", (message) => {
      child.off("exit", gone);
      resolve(answerSchema.parse(message));
    });
    child.send(JSON.parse(JSON.stringify(event)));
  });
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGKILL");
  });
}
