import * as z from "zod";
import { isMysql, isPostgres } from "../../../lab/demo/database.ts";
import type { LabServer, LabUser } from "../../../lab/engines/lab-server.ts";
import { closeAll, openSession } from "../../../lab/engines/sql.ts";

/** One session, the same for every engine. */
export interface BystanderClient {
  query(sql: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

export async function openClient(
  server: LabServer,
  user: LabUser,
  applicationName: string,
): Promise<BystanderClient> {
  if (isPostgres(server)) {
    const session = await openSession(server, { user, applicationName });
    return {
      query: async (sql) => (await session.query(sql)).rows,
      close: () => closeAll([session]),
    };
  }
  if (!isMysql(server)) throw new Error(`no bystanders on ${server.engine}`);
  const session = await openSession(server, { user, applicationName });
  return {
    query: async (sql) => {
      const [rows] = await session.query(sql);
      return Array.isArray(rows) ? rows : [];
    },
    close: () => closeAll([session]),
  };
}

const codedSchema = z.object({ code: z.string() });
const lostCodes: ReadonlySet<string> = new Set([
  ...["57P01", "57P02", "57P03", "08006", "ECONNRESET", "EPIPE", "ECONNREFUSED"],
  ...["PROTOCOL_CONNECTION_LOST", "ER_CONNECTION_KILLED", "ER_CLIENT_INTERACTION_TIMEOUT"],
]);

export interface BystanderError {
  /** Its session was ended, or one of its statements was. */
  readonly kind: "session" | "statement";
  /** SQLSTATE, the driver's code, or its words where it has none. */
  readonly code: string;
}

/** pg says no code where the connection breaks under a statement; mysql2 where the next one finds it broken. */
export function errorOf(error: unknown): BystanderError {
  const coded = codedSchema.safeParse(error);
  const code = coded.success ? coded.data.code : error instanceof Error ? error.message : String(error);
  const lost =
    lostCodes.has(code) || /connection (?:terminated|is in closed state)|not queryable/i.test(code);
  return { kind: lost ? "session" : "statement", code };
}
