import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { DeployConfig } from "../../../lib/deploy-config.ts";
import { guardProcess, releaseProcess } from "../engines/process-guard.ts";
import type { Account } from "./ministack.ts";

/** Values that the stack tells whoever deployed it. */
const outputsSchema = z.object({
  IntakeFunctionArn: z.string(),
  AlarmTopicArn: z.string(),
  SlackInteractionUrl: z.string(),
  FailoverStateMachineArn: z.string(),
});
export type Outputs = z.infer<typeof outputsSchema>;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const cli = join(dirname(createRequire(import.meta.url).resolve("aws-cdk/package.json")), "bin/cdk");
const app = `"${process.execPath}" test/lab/account/app.ts`;

/** CDK's own command line, as whoever follows the README uses it. */
export interface Cdk {
  bootstrap(): Promise<void>;
  synth(config: DeployConfig): Promise<void>;
  /** Deploys what was synthesized. */
  deploy(stackName: string): Promise<Outputs>;
}

/** All of its files go into `directory`. */
export function cdkOf(account: Account, directory: string): Cdk {
  const file = (name: string): string => join(directory, name);
  // CDK reads options from the home folder, too, and remembers accounts there.
  const environment = {
    ...account.environment,
    HOME: directory,
    LAB_DEPLOY_CONFIG: file("deploy-config.json"),
  };
  const run = (...args: readonly string[]) => runCdk(args, environment, directory);
  return {
    bootstrap: () => run("bootstrap", `aws://${account.accountId}/${account.region}`),
    synth: (config) => {
      writeFileSync(file("deploy-config.json"), JSON.stringify(config));
      return run("synth", "--quiet", "--app", app, "--output", file("assembly"));
    },
    deploy: async (stackName) => {
      const outputs = ["--outputs-file", file("outputs.json")];
      const unattended = ["--require-approval", "never", "--method", "direct"];
      await run("deploy", "--app", file("assembly"), ...outputs, ...unattended);
      const told = z
        .record(z.string(), outputsSchema)
        .parse(JSON.parse(readFileSync(file("outputs.json"), "utf8")));
      return outputsSchema.parse(told[stackName]);
    },
  };
}

/** Guarded: a deployment does not go on behind a run that was stopped. */
function runCdk(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  directory: string,
): Promise<void> {
  const logFile = join(directory, `${args[0]}.log`);
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, [cli, ...args, "--no-notices"], {
    cwd: root,
    env: { ...environment, CDK_DISABLE_CLI_TELEMETRY: "true" },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const { pid } = child;
  if (pid !== undefined) guardProcess({ pid, signal: "SIGKILL", directory });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      if (pid !== undefined) releaseProcess(pid);
      if (code === 0) return resolve();
      reject(new Error(`cdk ${args[0]} ended with ${code}:\n${readFileSync(logFile, "utf8").slice(-3000)}`));
    });
  });
}
