import type { Webhooks } from "../../functions/core/change-ports.ts";
import { webhookSecretSchema } from "../../functions/core/webhook-settings.ts";
import type { KnownSettings } from "./deployed-settings.ts";

/** With the credentials of whoever asks. Null: which hosts may be called, and with which secret, is not known. */
export async function webhooksByHand(region: string, { unknown }: KnownSettings): Promise<Webhooks | null> {
  if (unknown !== null) return null;
  const { createSecretsClient, readSecret } = await import("../../functions/adapters/aws/secrets.ts");
  const { createHttpWebhooks } = await import("../../functions/adapters/webhooks/http-webhooks.ts");
  const { createSystemClock } = await import("../../functions/adapters/aws/system-clock.ts");
  const client = createSecretsClient({ region });
  const secretOf = async (arn: string) => (await readSecret(client, arn, webhookSecretSchema)).signingSecret;
  return createHttpWebhooks({ secretOf, clock: createSystemClock(), random: Math.random });
}
