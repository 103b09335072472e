import { createSecretsClient } from "./adapters/aws/secrets.ts";
import { createSignIn, databaseSettings } from "./adapters/aws/sign-in.ts";
import type { Databases } from "./core/ports.ts";
import type { Settings } from "./core/settings.ts";
import { region } from "./wiring.ts";

/** TLS settings of a connection: verified against Node's trust (in Lambda: with the RDS CAs) or a given bundle. */
export interface Tls {
  readonly mode: "verify" | "off";
  readonly ca?: string;
}

type Connect = (credentials: ReturnType<typeof createSignIn>, tls: Tls) => Databases;

/**
 * The way to databases in production: IAM token or secret, TLS always verified (against an authority of one's own
 * where the settings name one), into the database that the settings name inside the server.
 */
export function inProduction(settings: Settings, connectWith: Connect): Databases {
  const credentials = createSignIn(settings, {
    region: region(),
    secrets: () => createSecretsClient({ region: region() }),
  });
  return {
    connect: (target, options, signal) => {
      const { name, certificateAuthority: ca } = databaseSettings(settings, target);
      const { connect } = connectWith(credentials, { mode: "verify", ...(ca === null ? {} : { ca }) });
      return connect({ ...target, database: name ?? target.database }, options, signal);
    },
  };
}
