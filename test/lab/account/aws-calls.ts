import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import * as z from "zod";
import { guardProcess, releaseProcess } from "../engines/process-guard.ts";
import type { Account } from "./ministack.ts";

export interface Credentials {
  readonly aws_access_key_id: string;
  readonly aws_secret_access_key: string;
  readonly aws_session_token: string;
}

export interface AwsCall {
  /** As botocore names them: "ec2", "describe_vpcs". */
  readonly service: string;
  readonly operation: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Somebody else's; the account's own unless given. */
  readonly credentials?: Credentials;
}

export interface AwsCalls {
  /** The answer in the shape of `schema`; throws AwsRefusal when AWS says no. */
  call<T>(call: AwsCall, schema: z.ZodType<T>): Promise<T>;
  stop(): void;
}

export class AwsRefusal extends Error {
  override readonly name = "AwsRefusal";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const lineSchema = z.union([
  z.object({ answer: z.unknown() }),
  z.object({ refused: z.string(), message: z.string() }),
]);

/** Any call of AWS by botocore, in one process that ends with this one. */
export function startAwsCalls({ python, environment }: Account, directory: string): AwsCalls {
  const child = spawn(python, [join(import.meta.dirname, "endpoint/calls.py")], {
    env: { ...process.env, ...environment, PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { pid } = child;
  if (pid !== undefined) {
    guardProcess({ pid, signal: "SIGKILL", directory });
    child.once("exit", () => releaseProcess(pid));
  }
  const send = inTurn(child);
  return {
    call: async ({ service, operation, ...rest }, schema) => {
      const line = lineSchema.parse(JSON.parse(await send(JSON.stringify({ service, operation, ...rest }))));
      if ("refused" in line) throw new AwsRefusal(line.refused, line.message);
      return schema.parse(line.answer);
    },
    stop: () => child.kill(),
  };
}

/** Answers come in the order of the requests. */
function inTurn({
  stdin,
  stdout,
}: ChildProcessByStdio<Writable, Readable, null>): (line: string) => Promise<string> {
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  const lines = createInterface({ input: stdout });
  lines.on("line", (line) => waiting.shift()?.resolve(line));
  lines.on("close", () => {
    for (const { reject } of waiting.splice(0)) reject(new Error("the process that calls AWS has ended"));
  });
  return (line) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      stdin.write(`${line}\n`);
    });
}
