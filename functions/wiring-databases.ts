import type { createSignIn } from "./adapters/aws/sign-in.ts";
import type { Databases } from "./core/ports.ts";
import type { Tls } from "./wiring-credentials.ts";
import { mysqlWith } from "./wiring-mysql.ts";
import { postgresWith } from "./wiring-postgres.ts";

/** The way to one database that a person names with its password (command line). */
export function databasesWithPassword(
  signIn: { readonly user: string; readonly password: string },
  tls: Tls,
): Databases {
  return databasesWith(async () => ({ ...signIn, iam: false }), tls);
}

/** Every engine, with any source of credentials: for the command line and the lab, which meet them all. */
export function databasesWith(credentials: ReturnType<typeof createSignIn>, tls: Tls): Databases {
  const postgres = postgresWith(credentials, tls);
  const mysql = mysqlWith(credentials, tls);
  return {
    connect: (target, options, signal) =>
      (target.engine === "postgres" ? postgres : mysql).connect(target, options, signal),
  };
}
