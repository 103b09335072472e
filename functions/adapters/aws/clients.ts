import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { RDSClient } from "@aws-sdk/client-rds";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { partition } from "@aws-sdk/core/client";

export interface ClientSettings {
  readonly region: string;
  /** A stand-in for AWS. Left out, the SDK reads AWS_ENDPOINT_URL and then asks AWS itself. */
  readonly endpoint?: string;
}

/**
 * Three tries of at most 3 s each: an AWS call costs an incident 9 s and the pauses between at worst.
 * Without `throwOnRequestTimeout` the SDK only prints a warning and waits on.
 */
function options({ region, endpoint }: ClientSettings) {
  return {
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

// One function a client, so that a bundle holds only the clients that its handler asks for.

/**
 * The service's address of a Region, without the SDK's table of all others (dual stack, FIPS, accounts), which no bundle
 * then holds.
 * https://docs.aws.amazon.com/general/latest/gr/ddb.html
 */
export function dynamoDbAddress({
  Endpoint,
  Region = "",
}: {
  Endpoint?: string | undefined;
  Region?: string | undefined;
}): {
  url: URL;
} {
  return { url: new URL(Endpoint ?? `https://dynamodb.${Region}.${partition(Region).dnsSuffix}`) };
}

export function createDynamoDbClient(settings: ClientSettings): DynamoDBClient {
  return new DynamoDBClient({ ...options(settings), endpointProvider: dynamoDbAddress });
}

export function createSsmClient(settings: ClientSettings): SSMClient {
  return new SSMClient(options(settings));
}

export function createRdsClient(settings: ClientSettings): RDSClient {
  return new RDSClient(options(settings));
}

/**
 * For what changes something: sent once, because a restart that is sent again is a second outage, and waited for long
 * enough that RDS can answer.
 */
export function createRdsChangeClient(settings: ClientSettings): RDSClient {
  const requestHandler = { connectionTimeout: 2000, requestTimeout: 20_000, throwOnRequestTimeout: true };
  return new RDSClient({ ...options(settings), maxAttempts: 1, requestHandler });
}

export function createCloudWatchClient(settings: ClientSettings): CloudWatchClient {
  return new CloudWatchClient(options(settings));
}

export function createSfnClient(settings: ClientSettings): SFNClient {
  return new SFNClient(options(settings));
}

export function createSqsClient(settings: ClientSettings): SQSClient {
  return new SQSClient(options(settings));
}
