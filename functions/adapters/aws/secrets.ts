import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import { ResponderError } from "../../core/errors.ts";
import type { ClientSettings } from "./clients.ts";

export function createSecretsClient({ region, endpoint }: ClientSettings): SecretsManagerClient {
  return new SecretsManagerClient({
    region,
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}

/** A JSON secret in its expected shape. The error never carries the secret's text. */
export async function readSecret<T>(
  client: SecretsManagerClient,
  secretId: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  const parsed = schema.safeParse(parseJson(answer.SecretString ?? ""));
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.map((issue) => issue.path.join(".") || "the whole").join(", ");
  throw new ResponderError(`secret ${secretId} lacks or misspells: ${fields}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
