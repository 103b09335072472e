import { spawn } from "node:child_process";
import type { Identity } from "./server-identity.ts";

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly identity?: Identity | undefined;
  readonly timeoutMs?: number;
}

/** Runs a program to its end. Resolves with its standard output; rejects with what it said when it fails. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? "/",
      env: options.env ?? process.env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs ?? 120_000,
      ...options.identity,
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (cause) => reject(new Error(`${command} did not start: ${cause.message}`, { cause })));
    child.on("close", (code, signal) => {
      const stdout = Buffer.concat(out).toString("utf8");
      if (code === 0) return resolve(stdout);
      const said = `${stdout}${Buffer.concat(err).toString("utf8")}`.trim().slice(-2000);
      reject(new Error(`${command} ${args[0] ?? ""} ended with ${signal ?? code}: ${said}`));
    });
    // A program that ends without reading its input is judged by its exit code, not by EPIPE.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}
