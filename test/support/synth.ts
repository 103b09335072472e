import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, CfnElement } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { StateMachineDefinition } from "aws-local-stepfunctions";
import * as z from "zod";
import type { DeployConfig } from "../../lib/deploy-config.ts";
import { ResponderFunction } from "../../lib/node-function.ts";
import { ResponderStack } from "../../lib/responder-stack.ts";

/** A deployment of the tests' own: responder.config.ts belongs to whoever deploys. */
export const testConfig: DeployConfig = {
  stackName: "rds-responder",
  network: {
    vpcId: "vpc-11111111",
    availabilityZones: ["eu-central-1a", "eu-central-1b"],
    privateSubnetIds: ["subnet-11111111", "subnet-22222222"],
    databases: [
      { securityGroupId: "sg-11111111", port: 5432 },
      { securityGroupId: "sg-22222222", port: 3306 },
    ],
    secretsEndpointSecurityGroupId: null,
    nameServers: [],
  },
  slackSecretName: "responder/slack",
  slackApiUrl: "https://slack.com/api/",
  operatorEmail: "dba@example.com",
  reservedConcurrency: { probe: 10, act: 5, interaction: 10 },
  secretKeys: { slack: null, databases: [] },
  storageKeys: [],
  settings: { policy: { approvers: ["U1"] } },
};

export interface Synthesized {
  readonly stack: ResponderStack;
  readonly template: Template;
  /** Name of the handler's file by logical id of the function. */
  readonly handlers: ReadonlyMap<string, string>;
  /** The respond machine, references filled in; a function's ARN ends with the name of its handler. */
  readonly definition: StateMachineDefinition;
}

interface SynthOptions {
  /** Without it no handler needs to compile, and the code of the functions is missing. */
  readonly bundle: boolean;
  readonly config?: DeployConfig;
}

const contextSchema = z.object({ context: z.record(z.string(), z.unknown()) });

/** An app with the feature flags of cdk.json, whose files lie in `outdir`. CDK's own checks take seconds. */
export function testApp(outdir: string, { bundle, check }: { bundle: boolean; check: boolean }): App {
  const cdkJson = readFileSync(new URL("../../cdk.json", import.meta.url), "utf8");
  const { context } = contextSchema.parse(JSON.parse(cdkJson));
  return new App({
    outdir,
    analyticsReporting: false,
    builtinCloudFormationValidation: check,
    context: { ...context, ...(bundle ? {} : { "aws:cdk:bundling-stacks": [] }) },
  });
}

/** Runs `work` with a directory that is gone afterwards. */
export function inTemporaryDirectory<T>(work: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), "rds-responder-synth-"));
  try {
    return work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The stack as CloudFormation gets it. Leaves no file behind. */
export function synthesize({ bundle, config = testConfig }: SynthOptions): Synthesized {
  return inTemporaryDirectory((outdir) => {
    const stack = new ResponderStack(testApp(outdir, { bundle, check: false }), config.stackName, { config });
    const template = Template.fromStack(stack);
    return { stack, template, handlers: handlersOf(stack), definition: definitionOf(stack) };
  });
}

/** The respond machine for `new StateMachine(definition)` of aws-local-stepfunctions; handlers go by state name. */
export async function respondDefinition(): Promise<StateMachineDefinition> {
  return inTemporaryDirectory((outdir) => {
    const app = testApp(outdir, { bundle: false, check: false });
    return definitionOf(new ResponderStack(app, testConfig.stackName, { config: testConfig }));
  });
}

/** The same of the failover machine. */
export function failoverDefinition(): StateMachineDefinition {
  return inTemporaryDirectory((outdir) => {
    const app = testApp(outdir, { bundle: false, check: false });
    const stack = new ResponderStack(app, testConfig.stackName, { config: testConfig });
    return definitionOf(stack, "Failover/Workflow");
  });
}

function handlersOf(stack: ResponderStack): ReadonlyMap<string, string> {
  const functions = stack.node.findAll().filter((node) => node instanceof ResponderFunction);
  return new Map(functions.map((fn) => [logicalIdOf(fn), fn.handlerName]));
}

function logicalIdOf(fn: ResponderFunction): string {
  const resource = fn.node.defaultChild;
  if (!CfnElement.isCfnElement(resource)) throw new Error(`${fn.node.path} has no resource`);
  return fn.stack.getLogicalId(resource);
}

const joinSchema = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) });
const attributeSchema = z.object({ "Fn::GetAtt": z.tuple([z.string(), z.literal("Arn")]) });
const partitionSchema = z.object({ Ref: z.literal("AWS::Partition") });

function definitionOf(stack: ResponderStack, within = "Respond"): StateMachineDefinition {
  const [machine] = stack.node
    .findAll()
    .filter((node) => node.node.path.startsWith(`${stack.node.path}/${within}/`))
    .filter((node) => node instanceof CfnStateMachine);
  const text: unknown = stack.resolve(machine?.definitionString);
  const handlers = handlersOf(stack);
  const [, parts] = joinSchema.parse(text)["Fn::Join"];
  return JSON.parse(parts.map((part) => filledIn(part, handlers)).join(""));
}

function filledIn(part: unknown, handlers: ReadonlyMap<string, string>): string {
  if (typeof part === "string") return part;
  if (partitionSchema.safeParse(part).success) return "aws";
  const [id] = attributeSchema.parse(part)["Fn::GetAtt"];
  const handler = handlers.get(id);
  if (handler === undefined)
    throw new Error(`the machine names ${id}, which is no function of the responder`);
  return `arn:aws:lambda:eu-central-1:111122223333:function:${handler}`;
}
