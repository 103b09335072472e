import * as z from "zod";
import { type Settings, settingsSchema } from "../functions/core/settings.ts";

export interface NetworkConfig {
  readonly vpcId: string;
  /** One for each subnet, in the same order. */
  readonly availabilityZones: readonly string[];
  /** Subnets without a way to the internet are fine: the functions there need none. */
  readonly privateSubnetIds: readonly string[];
  readonly databases: readonly { readonly securityGroupId: string; readonly port: number }[];
  /**
   * Security group of the VPC's interface endpoint of Secrets Manager; null when no database signs in by secret.
   * It is the only thing besides the databases that the functions in the VPC may then reach.
   */
  readonly secretsEndpointSecurityGroupId: string | null;
}

export interface DeployConfig {
  readonly stackName: string;
  readonly network: NetworkConfig;
  readonly slackSecretName: string;
  /**
   * Base address of Slack's Web API, with its trailing slash; GovSlack has another one than the rest. Decided here and
   * not in the settings: whoever may write those could have the bot token sent to himself.
   */
  readonly slackApiUrl: string;
  readonly operatorEmail: string | null;
  /** Checked at synth time; what is left out has its default. */
  readonly settings: z.input<typeof settingsSchema>;
}

/** The bot token is never sent in clear text; a stand-in on this machine is the exception. */
const slackApiUrlSchema = z
  .url({ protocol: /^https?$/, abort: true })
  .endsWith("/", { abort: true })
  .refine(isSafeForTokens, "must be https, or on this machine");

function isSafeForTokens(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
}

/** Throws when the token must not be sent there. */
export function slackApiUrlOf({ slackApiUrl }: DeployConfig): string {
  const parsed = slackApiUrlSchema.safeParse(slackApiUrl);
  if (parsed.success) return parsed.data;
  throw wrong(parsed.error.issues.map(({ message }) => `slackApiUrl: ${message}`));
}

/** Parameter Store's limit for a value: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const maxParameterBytes = 8192;

/**
 * The settings with their defaults. Throws with the path of what is wrong, so that the synth fails and not the
 * first incident at night. A misspelt setting is wrong too: dropped in silence, it would leave its default in force.
 */
export function settingsOf({ settings }: DeployConfig): Settings {
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success)
    throw wrong(parsed.error.issues.map(({ path, message }) => `${pathOf(path)}: ${message}`));
  const unknown = unknownPaths(settings, parsed.data, ["settings"]);
  if (unknown.length > 0) throw wrong(unknown.map((path) => `${path}: there is no such setting`));
  const bytes = Buffer.byteLength(JSON.stringify(parsed.data));
  if (bytes > maxParameterBytes)
    throw wrong([`settings: ${bytes} bytes, Parameter Store takes ${maxParameterBytes}`]);
  return parsed.data;
}

function wrong(problems: readonly string[]): Error {
  return new Error(`responder.config.ts is wrong:\n  ${problems.join("\n  ")}`);
}

function pathOf(path: readonly PropertyKey[]): string {
  return ["settings", ...path].map(String).join(".");
}

/** Paths that the schema did not take over. */
function unknownPaths(given: unknown, taken: unknown, path: readonly string[]): readonly string[] {
  if (!isObject(given) || !isObject(taken)) return [];
  return Object.entries(given).flatMap(([key, value]) =>
    key in taken ? unknownPaths(value, taken[key], [...path, key]) : [[...path, key].join(".")],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
