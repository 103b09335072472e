import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { Signer } from "@aws-sdk/rds-signer";
import * as z from "zod";
import type { Target } from "../../core/contract/target.ts";
import type { DatabaseSettings } from "../../core/database-settings.ts";
import { ResponderError } from "../../core/errors.ts";
import type { ConnectOptions } from "../../core/ports.ts";
import type { Settings } from "../../core/settings.ts";
import { readSecret } from "./secrets.ts";

export interface SignIn {
  readonly user: string;
  readonly password: string;
  /** The password is an IAM token: cleartext, good for 15 minutes, over TLS only. */
  readonly iam: boolean;
}

const secretSchema = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** Settings of one database: its own entry over its cluster's over the common one. */
export function databaseSettings(settings: Settings, target: Target): DatabaseSettings {
  const entries = [settings.databases[target.name], settings.databases[target.clusterId ?? ""]];
  const own = <K extends keyof DatabaseSettings>(key: K): DatabaseSettings[K] => {
    const entry = entries.find((candidate) => candidate?.[key] !== undefined);
    return entry?.[key] ?? settings.database[key];
  };
  return {
    probeUser: own("probeUser"),
    actUser: own("actUser"),
    probeSecretArn: own("probeSecretArn"),
    actSecretArn: own("actSecretArn"),
    certificateAuthority: own("certificateAuthority"),
    name: own("name"),
  };
}

/**
 * Credentials for one connection: an IAM token, signed locally without any call, or a Secrets Manager secret
 * (which needs a way to Secrets Manager from the VPC). Each purpose has its own, and a secret that holds the other
 * purpose's user is refused: each function may read its own secrets only, so this is where it shows. Source:
 * facts/aws.md §6.
 */
export function createSignIn(
  settings: Settings,
  { region, secrets }: { readonly region: string; readonly secrets: () => SecretsManagerClient },
): (target: Target, purpose: ConnectOptions["purpose"]) => Promise<SignIn> {
  return async (target, purpose) => {
    const database = databaseSettings(settings, target);
    const [username, secretArn, other] =
      purpose === "act"
        ? [database.actUser, database.actSecretArn, "probeUser" as const]
        : [database.probeUser, database.probeSecretArn, "actUser" as const];
    if (secretArn !== null) {
      const secret = await readSecret(secrets(), secretArn, secretSchema);
      if (secret.username === database[other]) {
        const setting = purpose === "act" ? "actSecretArn" : "probeSecretArn";
        throw new ResponderError(`${setting} of ${target.name}: the secret's username is that of ${other}`);
      }
      return { user: secret.username, password: secret.password, iam: false };
    }
    const { host: hostname, port } = target;
    const signer = new Signer({ hostname, port, username, region: target.region ?? region });
    return { user: username, password: await signer.getAuthToken(), iam: true };
  };
}
