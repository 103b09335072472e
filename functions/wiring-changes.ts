import { createCloudWatchClient, createSfnClient } from "./adapters/aws/clients.ts";
import { createCloudWatchMetrics } from "./adapters/aws/cloudwatch-metrics.ts";
import { createEventBridgeSchedules } from "./adapters/aws/eventbridge-schedules.ts";
import { createFailoverMachine } from "./adapters/aws/failover-machine.ts";
import { rdsChangesIn } from "./adapters/aws/rds-changes-in.ts";
import { createSecretsClient, readSecret } from "./adapters/aws/secrets.ts";
import { createHttpWebhooks } from "./adapters/webhooks/http-webhooks.ts";
import type { Failovers, RdsChanges, Webhooks } from "./core/change-ports.ts";
import type { Metrics } from "./core/ports.ts";
import type { Schedules } from "./core/schedule-ports.ts";
import { webhookSecretSchema } from "./core/webhook-settings.ts";
import { basics, optional, region, required } from "./wiring.ts";

/** Of the function that changes things outside databases alone. */
export function rdsChanges(): RdsChanges {
  return rdsChangesIn({ region: region() });
}

/** What was used of a database in the last day, before it gets less. */
export function peakMetrics(): Metrics {
  return createCloudWatchMetrics({ client: createCloudWatchClient({ region: region() }) });
}

/** Its secret is read when something is called, by the ARN that the order carries; the role may read that one alone. */
export function webhooks(): Webhooks {
  const client = createSecretsClient({ region: region() });
  const secretOf = async (arn: string) => (await readSecret(client, arn, webhookSecretSchema)).signingSecret;
  return createHttpWebhooks({ secretOf, ...basics() });
}

export function schedules(): Schedules {
  const endpoint = optional("AWS_ENDPOINT_URL");
  return createEventBridgeSchedules({ region: region(), endpoint, now: basics().clock.now });
}

export function failovers(): Failovers {
  const stateMachineArn = required("FAILOVER_MACHINE_ARN");
  return createFailoverMachine({ client: createSfnClient({ region: region() }), stateMachineArn });
}
