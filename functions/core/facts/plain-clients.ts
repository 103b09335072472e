import { mysqlInnodbRatesRows } from "../probes/mysql/innodb-rates-rows.ts";
import { settingsOf } from "./settings-facts.ts";
import type { View } from "./view.ts";

export interface PlainClients {
  readonly source: string;
  readonly perMinute: number;
  /** Why nobody gets in without TLS, how many leave, and what they need. */
  readonly says: string;
}

/**
 * A server that takes TLS alone, and clients that leave before they have signed in, as those do that speak plainly: they
 * are told so, and let go before their name is asked for. Health checks leave as early, so that it takes clients who
 * stay away to read it so. Null where it takes others too, or nobody leaves.
 * https://mariadb.com/kb/en/securing-connections-for-client-and-server/#requiring-tls-for-all-connections
 */
export function plainClients(view: View): PlainClients | null {
  const because = takesTlsAlone(view);
  if (because === null) return null;
  const early = view.rows(mysqlInnodbRatesRows)?.[0]?.abortedBeforeSignInPerSecond ?? null;
  if (early === null) return null;
  return {
    source: mysqlInnodbRatesRows.id,
    perMinute: early * 60,
    says: `${because}, and ${Math.round(early * 60)} a minute leave before they sign in: they need TLS, or that parameter has to be 0 in the group until they have it`,
  };
}

/**
 * From MariaDB 11.8 on it is the default on RDS, unless a group says otherwise.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/MariaDB.Concepts.FeatureSupport.html
 */
function takesTlsAlone(view: View): string | null {
  const { engine, engineVersion, flavour } = view.evidence.target;
  const value = settingsOf(view)?.value("require_secure_transport") ?? null;
  if (value !== null) return /^(on|1)$/i.test(value) ? "require_secure_transport is ON" : null;
  const [major = 0, minor = 0] = (engineVersion ?? "").split(".").map(Number);
  const byDefault = engine === "mariadb" && flavour === "rds" && (major > 11 || (major === 11 && minor >= 8));
  return byDefault ? "require_secure_transport is ON by default from MariaDB 11.8" : null;
}
