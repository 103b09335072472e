import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateDBInstanceCommand, RDSClient } from "@aws-sdk/client-rds";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import type { ClientSettings } from "../../../functions/adapters/aws/clients.ts";

const names = {
  INCIDENT_TABLE: "incidents",
  EVIDENCE_BUCKET: "evidence",
  SETTINGS_PARAMETER: "/rds-responder/settings",
  KILL_SWITCH_PARAMETER: "/rds-responder/kill-switch",
  SLACK_SECRET_ARN: "responder/slack",
} as const;

interface AccountProps {
  readonly aws: Required<ClientSettings>;
  readonly settings: object;
  readonly slack: { readonly apiUrl: string; readonly botToken: string; readonly signingSecret: string };
  /** One of its own for each incident: a database that has an open incident gets no second one. */
  readonly databases: readonly string[];
}

/** An account as the stack leaves it (lib/storage.ts), on a stand-in. Gives the environment of the functions. */
export async function openAccount(given: AccountProps): Promise<Readonly<Record<string, string>>> {
  // Asked once and waited for: the stand-in takes seconds for its first answer, and makes nothing twice.
  const aws = { ...given.aws, maxAttempts: 1 };
  const props = { ...given, aws };
  const [, , , queueUrl, machineArn] = await Promise.all([
    createStores(aws),
    createParameters(props),
    createDatabases(props),
    createQueue(aws),
    createMachine(aws),
  ]);
  return {
    ...names,
    SLACK_API_URL: given.slack.apiUrl,
    DEAD_LETTER_QUEUE_URL: queueUrl,
    STATE_MACHINE_ARN: machineArn,
    AWS_REGION: aws.region,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
  };
}

async function createStores(aws: Required<ClientSettings>): Promise<void> {
  await new DynamoDBClient(aws).send(
    new CreateTableCommand({
      TableName: names.INCIDENT_TABLE,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  await new S3Client({ ...aws, forcePathStyle: true }).send(
    new CreateBucketCommand({
      Bucket: names.EVIDENCE_BUCKET,
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    }),
  );
}

async function createParameters({ aws, settings, slack }: AccountProps): Promise<void> {
  const put = (Name: string, Value: string) =>
    new SSMClient(aws).send(new PutParameterCommand({ Name, Value, Type: "String" }));
  await put(names.SETTINGS_PARAMETER, JSON.stringify(settings));
  await put(names.KILL_SWITCH_PARAMETER, "off");
  const { apiUrl, ...secret } = slack;
  await new SecretsManagerClient(aws).send(
    new CreateSecretCommand({ Name: names.SLACK_SECRET_ARN, SecretString: JSON.stringify(secret) }),
  );
}

async function createDatabases({ aws, databases }: AccountProps): Promise<void> {
  const client = new RDSClient(aws);
  for (const DBInstanceIdentifier of databases) {
    await client.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        Engine: "postgres",
        DBInstanceClass: "db.m7g.large",
        DBName: "app",
        AllocatedStorage: 20,
        MasterUsername: "admin1",
        MasterUserPassword: "not-a-secret-1",
      }),
    );
  }
}

async function createQueue(aws: Required<ClientSettings>): Promise<string> {
  const { QueueUrl = "" } = await new SQSClient(aws).send(
    new CreateQueueCommand({ QueueName: "dead-letters" }),
  );
  return QueueUrl;
}

/** Takes executions and runs none: the bench runs the machine itself. */
async function createMachine(aws: Required<ClientSettings>): Promise<string> {
  const { stateMachineArn = "" } = await new SFNClient(aws).send(
    new CreateStateMachineCommand({
      name: "respond",
      roleArn: "arn:aws:iam::123456789012:role/respond",
      definition: JSON.stringify({ StartAt: "Done", States: { Done: { Type: "Succeed" } } }),
    }),
  );
  return stateMachineArn;
}
