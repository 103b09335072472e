import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { addChecks } from "../../lib/checks.ts";
import { ResponderStack } from "../../lib/responder-stack.ts";
import { inTemporaryDirectory, testApp, testConfig } from "../support/synth.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Findings as "rule path", warnings included. */
function findings(change: (stack: ResponderStack) => void = () => {}): readonly string[] {
  return inTemporaryDirectory((outdir) => {
    const app = testApp(outdir, { bundle: false, check: false });
    change(new ResponderStack(app, testConfig.stackName, { config: testConfig }));
    return [new AwsSolutionsChecks(app), new ServerlessChecks(app)]
      .flatMap((checks) => checks.validateScope(app).violations)
      .flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      );
  });
}

describe("cdk-nag", () => {
  it("Q4 finds nothing that is not accepted with a reason beside its construct", () => {
    expect(findings()).toEqual([]);
  });

  it("Q4 does look: a careless bucket is found", () => {
    const found = findings((stack) => new Bucket(stack, "Careless"));
    expect(found).toContain("AwsSolutions-S1 rds-responder/Careless/Resource");
    expect(found).toContain("AwsSolutions-S10 rds-responder/Careless/Resource");
  });
});

describe("synth", () => {
  it("Q4 fails on a finding", () => {
    inTemporaryDirectory((outdir) => {
      const app = testApp(outdir, { bundle: false, check: false });
      const stack = new ResponderStack(app, testConfig.stackName, { config: testConfig });
      new Bucket(stack, "Careless");
      addChecks(app);
      expect(() => app.synth()).toThrow("AwsSolutions-S10");
    });
  });

  const metadataSchema = z.object({
    artifacts: z.record(z.string(), z.looseObject({ type: z.string(), environment: z.string().optional() })),
  });

  it("Q6 synthesizes without credentials, for whatever account and Region deploys it", {
    timeout: 160_000,
  }, async () => {
    const outdir = await mkdtemp(join(tmpdir(), "rds-responder-app-"));
    try {
      const { PATH } = process.env;
      await promisify(execFile)(process.execPath, ["bin/app.ts"], {
        cwd: root,
        // A synth takes seconds; on a shared machine it may take its time.
        timeout: 150_000,
        env: {
          ...(PATH === undefined ? {} : { PATH }),
          CDK_OUTDIR: outdir,
          CDK_CONTEXT_JSON: JSON.stringify({ "aws:cdk:bundling-stacks": [] }),
        },
      });
      const manifest = metadataSchema.parse(JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")));
      const stacks = Object.values(manifest.artifacts).filter(
        ({ type }) => type === "aws:cloudformation:stack",
      );
      expect(stacks.map(({ environment }) => environment)).toEqual(["aws://unknown-account/unknown-region"]);
    } finally {
      await rm(outdir, { recursive: true, force: true });
    }
  });
});
