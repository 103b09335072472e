import { createSecretsClient } from "./adapters/aws/secrets.ts";
import { createSignIn, databaseSettings } from "./adapters/aws/sign-in.ts";
import { createMysqlConnector } from "./adapters/mysql/connect.ts";
import { createPostgresConnector } from "./adapters/postgres/connect.ts";
import type { Databases } from "./core/ports.ts";
import type { Settings } from "./core/settings.ts";
import { region } from "./wiring.ts";

/** TLS settings of a connection: verified against Node's trust (in Lambda: with the RDS CAs) or a given bundle. */
export interface Tls {
  readonly mode: "verify" | "off";
  readonly ca?: string;
}

/** The way to the databases in production: IAM token or secret, TLS always verified. */
export function databases(settings: Settings): Databases {
  const credentials = createSignIn(settings, {
    region: region(),
    secrets: () => createSecretsClient({ region: region() }),
  });
  return {
    connect: (target, options, signal) => {
      const { name, certificateAuthority: ca } = databaseSettings(settings, target);
      const { connect } = databasesWith(credentials, { mode: "verify", ...(ca === null ? {} : { ca }) });
      return connect({ ...target, database: name ?? target.database }, options, signal);
    },
  };
}

/** The way to one database that a person names with its password (command line). */
export function databasesWithPassword(
  signIn: { readonly user: string; readonly password: string },
  tls: Tls,
): Databases {
  return databasesWith(async () => ({ ...signIn, iam: false }), tls);
}

/** Any source of credentials; production and the command line use the two above. */
export function databasesWith(credentials: ReturnType<typeof createSignIn>, tls: Tls): Databases {
  const postgres = createPostgresConnector({ credentials, tls });
  const mysql = createMysqlConnector({ credentials, tls });
  return {
    connect: (target, options, signal) =>
      target.engine === "postgres"
        ? postgres(target, options, signal)
        : // A user with the shipped grants may not enter an application's schema, and needs none to look at the server.
          mysql({ ...target, database: null }, options, signal),
  };
}
