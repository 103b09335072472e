import { createHash } from "node:crypto";
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { AwsError } from "../../../core/errors.ts";
import { during } from "../attempt.ts";
import { hostIn, withAddress } from "./name-value.ts";
import { addressOf, type NameKind, type NamesOptions } from "./names-reach.ts";

/**
 * The host in a secret's JSON. A new version becomes AWSCURRENT and the old one AWSPREVIOUS, as with a rotation; while
 * one is under way its pending version has the old host and would bring that back.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
export function secretHost(secretId: string, options: NamesOptions): NameKind {
  const { secrets } = options;
  const current = async (signal: AbortSignal | undefined) => {
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: "AWSCURRENT" });
    return (await secrets.send(command, during(signal))).SecretString ?? "";
  };
  return {
    read: async (_, signal) => {
      const host = hostIn(await current(signal));
      return { stands: host === null ? null : { host }, ttlSeconds: null };
    },
    point: async (to, signal, stamp) => {
      const [text, address, described] = await Promise.all([
        current(signal),
        addressOf(to, options, signal),
        secrets.send(new DescribeSecretCommand({ SecretId: secretId }), during(signal)),
      ]);
      if (Object.values(described.VersionIdsToStages ?? {}).some(isPendingAlone)) {
        throw new AwsError(
          "RotationUnderWay",
          true,
          `${secretId} is being rotated: the pending version has the old host`,
        );
      }
      const changed = withAddress(text, address);
      // Never the text itself: it holds a password.
      if (changed === null) throw new AwsError("NoHost", true, `the value of ${secretId} holds no host`);
      if (changed === text) return;
      const command = new PutSecretValueCommand({
        ...{ SecretId: secretId, SecretString: changed, VersionStages: ["AWSCURRENT"] },
        ClientRequestToken: tokenOf(`${stamp.run} ${stamp.token} ${stamp.effect} ${changed}`),
      });
      await secrets.send(command, during(signal));
    },
  };
}

function isPendingAlone(stages: readonly string[]): boolean {
  return stages.includes("AWSPENDING") && !stages.includes("AWSCURRENT");
}

/** The same for the same change: sent again it makes no second version. */
function tokenOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
