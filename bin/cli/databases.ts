import type { Databases } from "../../functions/core/ports.ts";
import type { NamedDatabase } from "./database-url.ts";

/**
 * The way to a database that a person names with its password. Only the driver of its engine is loaded, and nothing
 * of AWS: whoever waits for an answer waits for that too.
 */
export function databasesAt({ signIn, tls }: Pick<NamedDatabase, "signIn" | "tls">): Databases {
  const options = { credentials: async () => ({ ...signIn, iam: false }), tls };
  return {
    connect: async (target, limits, signal) => {
      if (target.engine === "postgres") {
        const { createPostgresConnector } = await import("../../functions/adapters/postgres/connect.ts");
        return createPostgresConnector(options)(target, limits, signal);
      }
      const { createMysqlConnector } = await import("../../functions/adapters/mysql/connect.ts");
      // A user with the shipped grants may not enter an application's schema, and needs none to look at the server.
      return createMysqlConnector(options)({ ...target, database: null }, limits, signal);
    },
  };
}
