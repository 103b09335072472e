import type { createSignIn } from "./adapters/aws/sign-in.ts";
import { createMysqlConnector } from "./adapters/mysql/connect.ts";
import type { Databases } from "./core/ports.ts";
import type { Settings } from "./core/settings.ts";
import { inProduction, type Tls } from "./wiring-credentials.ts";

/** The way to MySQL and MariaDB in production. */
export function mysqlDatabases(settings: Settings): Databases {
  return inProduction(settings, mysqlWith);
}

export function mysqlWith(credentials: ReturnType<typeof createSignIn>, tls: Tls): Databases {
  const connect = createMysqlConnector({ credentials, tls });
  return {
    // A user with the shipped grants may not enter an application's schema, and needs none to look at the server.
    connect: (target, options, signal) => connect({ ...target, database: null }, options, signal),
  };
}
