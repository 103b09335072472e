import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import * as z from "zod";
import {
  type ClientSettings,
  createDynamoDbClient,
  createSsmClient,
} from "../../functions/adapters/aws/clients.ts";
import { createDynamoIncidentStore } from "../../functions/adapters/aws/dynamo-incident-store.ts";
import { createDynamoKeptSettings } from "../../functions/adapters/aws/dynamo-kept-settings.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";
import { createS3EvidenceStore } from "../../functions/adapters/aws/s3-evidence-store.ts";
import { createSecretSource, createSecretsClient } from "../../functions/adapters/aws/secrets.ts";
import { createSsmKillSwitch } from "../../functions/adapters/aws/ssm-kill-switch.ts";
import { createSsmSettings } from "../../functions/adapters/aws/ssm-settings.ts";
import { createSystemClock } from "../../functions/adapters/aws/system-clock.ts";
import { createCollectingLog } from "../../functions/adapters/memory/collecting-log.ts";
import { createSlackChat } from "../../functions/adapters/slack/slack-chat.ts";
import { createSteadySettings } from "../../functions/core/configuration/steady-settings.ts";
import { createIncidentTable } from "../contract/incident-table.ts";
import { type FaultProxy, startFaultProxy } from "../lab/endpoint/fault-proxy.ts";
import { type SlackLab, startSlack } from "../lab/slack/server.ts";
import { createBucket, evidenceIn } from "../support/evidence-bucket.ts";
import type { DecidingDeps } from "./coordinate-steps.ts";

const secretSchema = z.object({ botToken: z.string() });

/** One deployment's own resources, on an endpoint that is not AWS. */
interface Deployment {
  readonly table: string;
  readonly bucket: string;
  readonly settings: string;
  readonly killSwitch: string;
  readonly secret: string;
}

export interface CoordinateLab {
  readonly proxy: FaultProxy;
  readonly slack: SlackLab;
  /** A function that has just started, behind the faults or beside them. */
  deps(way: "faulty" | "clean"): DecidingDeps & { readonly log: ReturnType<typeof createCollectingLog> };
  /** A person or a deployment writes the parameter. */
  writeSettings(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** What coordinate and diagnose are wired to in production: DynamoDB, S3, SSM, Secrets Manager, Slack. */
export async function startCoordinateLab(aws: ClientSettings, settings: object): Promise<CoordinateLab> {
  const proxy = await startFaultProxy("http", aws.endpoint ?? "");
  const slack = await startSlack({ signingSecret: "lab-secret" });
  const names = await deploy(aws, settings, slack.token);
  const faulty = { ...aws, endpoint: `http://127.0.0.1:${proxy.port}` };
  return {
    proxy,
    slack,
    deps: (way) => wired(way === "faulty" ? faulty : aws, names, slack.apiUrl),
    writeSettings: async (Value) => {
      const written = new PutParameterCommand({
        Name: names.settings,
        Value,
        Type: "String",
        Overwrite: true,
      });
      await createSsmClient(aws).send(written);
    },
    stop: async () => {
      await proxy.stop();
      await slack.stop();
    },
  };
}

function wired(aws: ClientSettings, names: Deployment, apiUrl: string) {
  const clock = createSystemClock();
  const ids = createRandomIds();
  const log = createCollectingLog();
  const secret = createSecretSource({
    client: createSecretsClient(aws),
    secretId: names.secret,
    schema: secretSchema,
    clock,
  });
  return {
    clock,
    random: Math.random,
    ids,
    log,
    incidents: createDynamoIncidentStore({
      ...{ client: createDynamoDbClient(aws), table: names.table, clock, ids, log },
    }),
    evidence: {
      ...createS3EvidenceStore({ ...aws, bucket: names.bucket, now: clock.now }),
      get: (id: string) => evidenceIn(aws, names.bucket, id),
    },
    settings: createSteadySettings({
      parameter: createSsmSettings({ client: createSsmClient(aws), parameter: names.settings }),
      kept: createDynamoKeptSettings({ client: createDynamoDbClient(aws), table: names.table, ids }),
      clock,
      log,
    }),
    killSwitch: createSsmKillSwitch({ client: createSsmClient(aws), parameter: names.killSwitch }),
    chat: createSlackChat({
      token: async (options) => (await secret.read(options)).botToken,
      ...{ apiUrl, clock },
    }),
  };
}

async function deploy(aws: ClientSettings, settings: object, botToken: string): Promise<Deployment> {
  const id = createRandomIds().next().toLowerCase();
  const names = {
    table: `responder-${id}`,
    bucket: `responder-${id}`,
    settings: `/responder-${id}/settings`,
    killSwitch: `/responder-${id}/kill-switch`,
    secret: `responder-${id}/slack`,
  };
  await createIncidentTable(aws, names.table);
  await createBucket(aws, names.bucket);
  const ssm = createSsmClient(aws);
  const parameters = { [names.settings]: JSON.stringify(settings), [names.killSwitch]: "off" };
  for (const [Name, Value] of Object.entries(parameters))
    await ssm.send(new PutParameterCommand({ Name, Value, Type: "String" }));
  const SecretString = JSON.stringify({ botToken });
  await createSecretsClient(aws).send(new CreateSecretCommand({ Name: names.secret, SecretString }));
  return names;
}
