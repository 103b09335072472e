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
  abortSignal?: AbortSignal,
): Promise<T> {
  const answer = await client.send(
    new GetSecretValueCommand({ SecretId: secretId }),
    abortSignal === undefined ? {} : { abortSignal },
  );
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
/** As long is a failure remembered: whoever needs the secret for many things one after the other waits once. */
const failedMs = 30_000;
/** A person waits behind every reading. One that hangs is not tried again; one that fails at once is, within this time. */
const readingMs = 3000;

/**
 * Read on first use, not at start: what does not need the secret goes on without it. When Secrets Manager does not
 * answer, the last good value is used; when there is none, that is said at once to all who ask within half a minute.
 */
export function createSecretSource<T>({
  client,
  secretId,
  schema,
  clock,
  timeoutMs = readingMs,
}: {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  readonly schema: z.ZodType<T>;
  readonly clock: Clock;
  readonly timeoutMs?: number;
}): SecretSource<T> {
  let good: { readonly value: T } | null = null;
  let failed: { readonly error: unknown } | null = null;
  let askedAt = Number.NEGATIVE_INFINITY;
  return {
    read: async ({ fresh = false } = {}) => {
      const age = clock.now() - askedAt;
      if (good !== null && age < (fresh ? doubtedMs : keptMs)) return good.value;
      if (failed !== null && age < failedMs) throw failed.error;
      try {
        const value = await readInTime(client, secretId, schema, timeoutMs);
        good = { value };
        failed = null;
        return value;
      } catch (error) {
        if (good !== null) return good.value;
        failed = { error };
        throw error;
      } finally {
        askedAt = clock.now();
      }
    },
  };
}

async function readInTime<T>(
  client: SecretsManagerClient,
  secretId: string,
  schema: z.ZodType<T>,
  timeoutMs: number,
): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await readSecret(client, secretId, schema, deadline);
  } catch (cause) {
    if (!deadline.aborted) throw cause;
    throw new ResponderError(`Secrets Manager did not answer within ${timeoutMs / 1000} s`, { cause });
  }
}
