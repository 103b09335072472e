import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface CliResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command line as a person runs it: its own process. */
export function runCli(...args: readonly string[]): Promise<CliResult> {
  return runCliWith({}, ...args);
}

/** The same in an environment that has these, too. */
export function runCliWith(
  environment: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<CliResult> {
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["bin/responder.mjs", ...args],
      { cwd: root, timeout: 60_000, env },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, out, err });
      },
    );
  });
}
