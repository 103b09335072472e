import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { messageOf, ResponderError } from "../../core/errors.ts";
import type { Clock, SettingsSource } from "../../core/ports.ts";
import { type Settings, settingsSchema } from "../../core/settings.ts";

/** How long a reading, good or failed, stands before Parameter Store is asked again. */
const freshMs = 30_000;
/** How long the last good settings stand in for a Parameter Store that does not answer. */
const standInMs = 600_000;

/**
 * The settings in one parameter, as JSON. When it cannot be read, the last good settings are used for up to ten
 * minutes; then, and when there were none, it throws. A parameter that is not valid throws at once, because
 * somebody has just changed it and going on with the old policy is not what they asked for.
 */
export function createSsmSettings({
  client,
  parameter,
  clock,
}: {
  readonly client: SSMClient;
  readonly parameter: string;
  readonly clock: Clock;
}): SettingsSource {
  let good: { readonly settings: Settings; readonly at: number } | null = null;
  let askAgainAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<Settings> {
    const text = await download(client, parameter).catch((cause: unknown) => {
      const settings = good && clock.now() - good.at <= standInMs ? good.settings : null;
      if (settings) return { settings };
      throw new ResponderError(`settings ${parameter} cannot be read: ${messageOf(cause)}`, { cause });
    });
    askAgainAt = clock.now() + freshMs;
    if (typeof text !== "string") return text.settings;
    // Forgotten first: an invalid parameter must keep throwing, not fall back to the cache on the next read.
    good = null;
    good = { settings: parseSettings(text, parameter), at: clock.now() };
    return good.settings;
  }

  return {
    read: async () => structuredClone(good && clock.now() < askAgainAt ? good.settings : await refresh()),
  };
}

async function download(client: SSMClient, parameter: string): Promise<string> {
  const answer = await client.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
  const text = answer.Parameter?.Value;
  if (text === undefined) throw new ResponderError("it has no value");
  return text;
}

function parseSettings(text: string, parameter: string): Settings {
  const json = parseJson(text, parameter);
  const parsed = settingsSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${path.join(".") || "(whole)"}: ${message} (found ${shapeAt(json, path)})`,
  );
  throw new ResponderError(`settings ${parameter} are not valid: ${faults.join("; ")}`, {
    cause: parsed.error,
  });
}

function parseJson(text: string, parameter: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ResponderError(`settings ${parameter} are not JSON: ${messageOf(cause)}`, { cause });
  }
}

/** What kind of value is there, without the value: settings may hold names that do not belong in a log. */
function shapeAt(json: unknown, path: readonly PropertyKey[]): string {
  let value: unknown = json;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return "nothing";
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `a string of ${value.length} characters`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
