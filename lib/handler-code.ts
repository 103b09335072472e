import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Stack } from "aws-cdk-lib";
import { Code } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";

let bundles: string | undefined;

/** The bundle of one handler. The first one asked for makes all of them: one run of the bundler reads what they share once. */
export function handlerCode(scope: Construct, handler: string): Code {
  // CDK's way to say that a template without code will do; Lambda would refuse to run this text.
  if (!Stack.of(scope).bundlingRequired) return Code.fromInline(`// ${handler} was not bundled`);
  bundles ??= makeBundles();
  return Code.fromAsset(join(bundles, handler));
}

function makeBundles(): string {
  const directory = mkdtempSync(join(tmpdir(), "rds-responder-bundles-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  execFileSync(process.execPath, [fileURLToPath(new URL("bundle-handlers.ts", import.meta.url)), directory], {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: 120_000,
  });
  return directory;
}
