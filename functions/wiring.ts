import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import {
  createCloudWatchClient,
  createDynamoDbClient,
  createRdsClient,
  createSfnClient,
  createSqsClient,
  createSsmClient,
} from "./adapters/aws/clients.ts";
import { createCloudWatchAlarmStates } from "./adapters/aws/cloudwatch-alarm-states.ts";
import { createCloudWatchAlarms } from "./adapters/aws/cloudwatch-alarms.ts";
import { createCloudWatchMetrics } from "./adapters/aws/cloudwatch-metrics.ts";
import {
  createCloudTrailClient,
  createContextRdsClient,
  createPiClient,
} from "./adapters/aws/context-clients.ts";
import { createDatabaseContext } from "./adapters/aws/database-context.ts";
import { createDynamoIncidentStore } from "./adapters/aws/dynamo-incident-store.ts";
import { createDynamoKeptSettings } from "./adapters/aws/dynamo-kept-settings.ts";
import { createRandomIds } from "./adapters/aws/random-ids.ts";
import { createRdsControl } from "./adapters/aws/rds-control.ts";
import { createS3EvidenceStore } from "./adapters/aws/s3-evidence-store.ts";
import { createSecretSource, createSecretsClient, type SecretSource } from "./adapters/aws/secrets.ts";
import { createSqsDeadLetters } from "./adapters/aws/sqs-dead-letters.ts";
import { createSsmKillSwitch } from "./adapters/aws/ssm-kill-switch.ts";
import { createSsmSettings } from "./adapters/aws/ssm-settings.ts";
import { createStepFunctionsWorkflow } from "./adapters/aws/step-functions.ts";
import { createStructuredLog } from "./adapters/aws/structured-log.ts";
import { createSystemClock } from "./adapters/aws/system-clock.ts";
import { answerClick as answerAt } from "./adapters/slack/answer-click.ts";
import { createSlackChat } from "./adapters/slack/slack-chat.ts";
import type { Chat } from "./core/chat-port.ts";
import { createSteadySettings } from "./core/configuration/steady-settings.ts";
import type { AlarmStateSource, ContextSources } from "./core/context-ports.ts";
import type {
  Alarms,
  Clock,
  DeadLetters,
  EvidenceStore,
  Ids,
  IncidentStore,
  KillSwitch,
  Log,
  Metrics,
  RdsControl,
  Workflow,
} from "./core/ports.ts";
import type { SettingsSource } from "./core/settings-ports.ts";

/**
 * Environment → adapters. This file is the only reader of process.env. One function
 * a port: a bundle takes in only the clients of the ports that its handler asks for.
 */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`environment variable ${name} is not set`);
  return value;
}

/** Undefined: it is not set. */
export function optional(name: string): string | undefined {
  const value = process.env[name];
  return value === "" ? undefined : value;
}

export function region(): string {
  return required("AWS_REGION");
}

const clock = createSystemClock();

export function basics(): { clock: Clock; ids: Ids; log: Log; random(): number } {
  const log = createStructuredLog({ clock, namespace: "RdsResponder" });
  return { clock, ids: createRandomIds(), log, random: Math.random };
}

let sharedTable: { client: DynamoDBClient; table: string; ids: Ids } | undefined;

/** One client for all that lies in the table: a connection that stands serves both. */
export function incidentTable() {
  sharedTable ??= {
    client: createDynamoDbClient({ region: region() }),
    table: required("INCIDENT_TABLE"),
    ids: createRandomIds(),
  };
  return sharedTable;
}

export function incidents(): IncidentStore {
  return createDynamoIncidentStore({ ...incidentTable(), ...basics() });
}

export function evidence(): EvidenceStore {
  const endpoint = optional("AWS_ENDPOINT_URL");
  return createS3EvidenceStore({
    ...{ region: region(), endpoint, now: clock.now, bucket: required("EVIDENCE_BUCKET") },
  });
}

let sharedSettings: SettingsSource | undefined;

/** One for all who ask in this process: what was read a moment ago is not read again. */
export function settings(): SettingsSource {
  sharedSettings ??= createSteadySettings({
    parameter: createSsmSettings({
      client: createSsmClient({ region: region() }),
      parameter: required("SETTINGS_PARAMETER"),
    }),
    kept: createDynamoKeptSettings(incidentTable()),
    ...basics(),
  });
  return sharedSettings;
}

export function killSwitch(): KillSwitch {
  const client = createSsmClient({ region: region() });
  return createSsmKillSwitch({ client, parameter: required("KILL_SWITCH_PARAMETER") });
}

export function rds(): RdsControl {
  return createRdsControl({ client: createRdsClient({ region: region() }) });
}

export function metrics(): Metrics {
  return createCloudWatchMetrics({ client: createCloudWatchClient({ region: region() }) });
}

export function databaseContext(): ContextSources {
  const settings = { region: region() };
  return createDatabaseContext({
    rds: createContextRdsClient(settings),
    pi: createPiClient(settings),
    cloudTrail: createCloudTrailClient(settings),
  });
}

export function alarms(): Alarms {
  return createCloudWatchAlarms({ client: createCloudWatchClient({ region: region() }) });
}

export function alarmStates(): AlarmStateSource {
  return createCloudWatchAlarmStates({ client: createCloudWatchClient({ region: region() }) });
}

export function workflow(): Workflow {
  const client = createSfnClient({ region: region() });
  return createStepFunctionsWorkflow({ client, stateMachineArn: required("STATE_MACHINE_ARN") });
}

export function deadLetters(): DeadLetters {
  const client = createSqsClient({ region: region() });
  return createSqsDeadLetters({ client, queueUrl: required("DEAD_LETTER_QUEUE_URL") });
}

const slackSecretSchema = z.object({ botToken: z.string().min(1), signingSecret: z.string().min(1) });

let sharedSecret: SecretSource<z.infer<typeof slackSecretSchema>> | undefined;

/** One source for all: what a rotated token teaches, the signing secret learns too. */
function slackSecret(): SecretSource<z.infer<typeof slackSecretSchema>> {
  sharedSecret ??= createSecretSource({
    client: createSecretsClient({ region: region() }),
    secretId: required("SLACK_SECRET_ARN"),
    schema: slackSecretSchema,
    clock,
  });
  return sharedSecret;
}

export function chat(): Chat {
  const token = async (options?: { readonly fresh?: boolean }) =>
    (await slackSecret().read(options)).botToken;
  return createSlackChat({ token, apiUrl: required("SLACK_API_URL"), clock });
}

export async function slackSigningSecret(options?: { readonly fresh?: boolean }): Promise<string> {
  return (await slackSecret().read(options)).signingSecret;
}

/** Answers only where Slack is, which was decided at deployment. */
export function answerClick(responseUrl: string, says: string): ReturnType<typeof answerAt> {
  return answerAt(responseUrl, says, required("SLACK_API_URL"));
}

/** The machine waits for whoever is slowest to wake up; a store that does not answer must not be that. */
const aheadMs = 1000;

/** What the first message takes from outside, into the caches of those who will ask for it. */
export async function readAhead(): Promise<void> {
  const reads = [async () => settings().read(), async () => slackSecret().read()];
  await Promise.race([Promise.allSettled(reads.map((read) => read())), clock.sleep(aheadMs)]);
}
