import { createSecretsClient } from "./adapters/aws/secrets.ts";
import { createSignIn, databaseSettings } from "./adapters/aws/sign-in.ts";
import type { Target } from "./core/contract/target.ts";
import type { Databases } from "./core/ports.ts";
import type { Settings } from "./core/settings.ts";
import { region } from "./wiring.ts";

/** TLS settings of a connection: verified against Node's trust (in Lambda: with the RDS CAs) or a given bundle. */
export interface Tls {
  readonly mode: "verify" | "off";
  readonly ca?: string;
}

/** In production TLS is always verified. */
export const verified: Tls = { mode: "verify" };

/** How production signs in: IAM token or secret. */
export function credentialsFor(settings: Settings): ReturnType<typeof createSignIn> {
  return createSignIn(settings, {
    region: region(),
    secrets: () => createSecretsClient({ region: region() }),
  });
}

/** Connects to the database that the settings name inside the server. */
export function withDatabaseName(settings: Settings, { connect }: Databases): Databases {
  const named = (target: Target): Target => ({
    ...target,
    database: databaseSettings(settings, target).name ?? target.database,
  });
  return { connect: (target, options, signal) => connect(named(target), options, signal) };
}
