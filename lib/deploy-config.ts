import * as z from "zod";
import { parseSettings } from "../functions/core/configuration/parse-settings.ts";
import type { Settings, settingsSchema } from "../functions/core/settings.ts";

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
  /**
   * Addresses (CIDR) of name servers that the VPC uses instead of Amazon's own, which no security group stops; the
   * functions there may then ask them, and without it they find no database.
   * https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
   */
  readonly nameServers: readonly string[];
}

/** How many of a function may run at a time, kept for it out of the account's quota. */
export interface ReservedConcurrency {
  /** Of each engine's looking function: no storm of alarms becomes a storm of our own connections. */
  readonly probe: number;
  /** Of each engine's acting function. */
  readonly act: number;
  /** Strangers who call the public address use up these places and no others. */
  readonly interaction: number;
}

/** Customer managed KMS keys. Secrets Manager asks KMS itself: the permission is enough, no endpoint is needed. */
export interface SecretKeys {
  /** ARN of the key of the Slack secret; null when it is AWS's own. */
  readonly slack: string | null;
  /** ARNs of the keys of the databases' secrets (probeSecretArn, actSecretArn). */
  readonly databases: readonly string[];
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
  /**
   * Null: nothing is reserved. For an account whose quota of concurrent executions is too low to keep 100 unreserved,
   * where Lambda refuses the deployment (new accounts begin with 10).
   * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
   */
  readonly reservedConcurrency: ReservedConcurrency | null;
  readonly secretKeys: SecretKeys;
  /**
   * ARNs of the customer managed KMS keys under which databases store their data. A reader, a copy and a rebuilt replica
   * are made under the key of their source, and RDS asks for whoever calls it whether he may use that key.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
   */
  readonly storageKeys: readonly string[];
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

const reservedSchema = z
  .strictObject({
    probe: z.int().positive(),
    act: z.int().positive(),
    interaction: z.int().positive(),
  })
  .nullable();

/** Throws for what would switch a function off: to reserve 0 is how Lambda stops one. */
export function reservedConcurrencyOf({ reservedConcurrency }: DeployConfig): ReservedConcurrency | null {
  const parsed = reservedSchema.safeParse(reservedConcurrency);
  if (parsed.success) return parsed.data;
  throw wrong(
    parsed.error.issues.map(({ path, message }) => `reservedConcurrency.${path.join(".")}: ${message}`),
  );
}

/** Parameter Store's limit for a value: https://docs.aws.amazon.com/general/latest/gr/ssm.html */
const maxParameterBytes = 8192;

/**
 * The settings with their defaults. Throws with the path of what is wrong, so that the synth fails and not the
 * first incident at night. A misspelt setting is wrong too: dropped in silence, it would leave its default in force.
 */
export function settingsOf({ settings }: DeployConfig): Settings {
  const parsed = parseSettings(settings);
  if (parsed.kind === "invalid") throw wrong(parsed.faults.map((fault) => `settings.${fault}`));
  const bytes = Buffer.byteLength(JSON.stringify(parsed.settings));
  if (bytes > maxParameterBytes)
    throw wrong([`settings: ${bytes} bytes, Parameter Store takes ${maxParameterBytes}`]);
  return parsed.settings;
}

function wrong(problems: readonly string[]): Error {
  return new Error(`responder.config.ts is wrong:\n  ${problems.join("\n  ")}`);
}
