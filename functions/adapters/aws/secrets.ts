import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import { ResponderError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports.ts";
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

/** A secret that may be rotated while a function lives. */
export interface SecretSource<T> {
  /** With `fresh`, because the value at hand was just refused: asks again, but not in a burst. */
  read(options?: { readonly fresh?: boolean }): Promise<T>;
}

/** How long a value is used before it is asked for again. */
const keptMs = 300_000;
/** Strangers can make us doubt a value as often as they like; Secrets Manager is asked no oftener than this. */
const doubtedMs = 30_000;

/**
 * Read on first use, not at start: what does not need the secret goes on without it. When Secrets Manager does not
 * answer, the last good value is used.
 */
export function createSecretSource<T>({
  client,
  secretId,
  schema,
  clock,
}: {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  readonly schema: z.ZodType<T>;
  readonly clock: Clock;
}): SecretSource<T> {
  let good: { readonly value: T } | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    read: async ({ fresh = false } = {}) => {
      const age = clock.now() - askedAt;
      if (good !== null && age < (fresh ? doubtedMs : keptMs)) return good.value;
      try {
        const value = await readSecret(client, secretId, schema);
        good = { value };
        askedAt = clock.now();
        return value;
      } catch (error) {
        if (good === null) throw error;
        askedAt = clock.now();
        return good.value;
      }
    },
  };
}
