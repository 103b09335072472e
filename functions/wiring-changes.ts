import { rdsChangesIn } from "./adapters/aws/rds-changes-in.ts";
import { createSecretsClient, readSecret } from "./adapters/aws/secrets.ts";
import { createHttpWebhooks } from "./adapters/webhooks/http-webhooks.ts";
import type { RdsChanges, Webhooks } from "./core/change-ports.ts";
import { webhookSecretSchema } from "./core/webhook-settings.ts";
import { basics, region } from "./wiring.ts";

/** Of the function that changes things outside databases alone. */
export function rdsChanges(): RdsChanges {
  return rdsChangesIn({ region: region() });
}

/** Its secret is read when something is called, by the ARN that the order carries; the role may read that one alone. */
export function webhooks(): Webhooks {
  const client = createSecretsClient({ region: region() });
  const secretOf = async (arn: string) => (await readSecret(client, arn, webhookSecretSchema)).signingSecret;
  return createHttpWebhooks({ secretOf, ...basics() });
}
