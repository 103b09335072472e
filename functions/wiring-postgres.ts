import type { createSignIn } from "./adapters/aws/sign-in.ts";
import { createPostgresConnector } from "./adapters/postgres/connect.ts";
import type { Databases } from "./core/ports.ts";
import type { Settings } from "./core/settings.ts";
import { inProduction, type Tls } from "./wiring-credentials.ts";

/** The way to PostgreSQL in production. */
export function postgresDatabases(settings: Settings): Databases {
  return inProduction(settings, postgresWith);
}

export function postgresWith(credentials: ReturnType<typeof createSignIn>, tls: Tls): Databases {
  return { connect: createPostgresConnector({ credentials, tls }) };
}
