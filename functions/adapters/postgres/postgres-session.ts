import type { Socket } from "node:net";
import type { Client } from "pg";
import type { ServerInfo, SqlRow, SqlSession, SqlStatement } from "../../core/ports.ts";
import { ownMarker } from "../../core/text/own-marker.ts";
import { before, within } from "../databases/before.ts";
import { begun, closed, closeSocket, networkGraceMs, tooLate } from "../databases/session-end.ts";
import { toSqlError } from "./sql-errors.ts";

interface Wire {
  readonly client: Client;
  readonly socket: Socket;
  readonly server: ServerInfo;
  /** In force on the server already. */
  readonly statementTimeoutMs: number;
}

/** A signed-in connection as a SqlSession. Once its socket is gone every call throws "connection-lost". */
export function postgresSession({ client, socket, server, statementTimeoutMs }: Wire): SqlSession {
  let timeoutMs = statementTimeoutMs;
  // The server then ends the statement by its own statement_timeout; nothing on this side waits for that.
  const drop = (): void => {
    socket.destroy();
  };

  async function query(statement: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]> {
    const { params } = statement;
    const sql = `${ownMarker} ${statement.sql}`;
    if (socket.destroyed) throw closed();
    const until = within(timeoutMs + networkGraceMs, signal);
    // Without values the simple protocol is used: one round trip instead of a parse and a bind.
    const work = () =>
      params && params.length > 0 ? client.query<SqlRow>(sql, [...params]) : client.query<SqlRow>(sql);
    try {
      const { rows } = await before(until, work, { drop, late: tooLate });
      return rows;
    } catch (error) {
      throw toSqlError(error, !socket.destroyed);
    }
  }

  async function begin(
    { sql, params = [] }: SqlStatement,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<"ended" | "goes-on"> {
    // A warning that cannot be delivered would end it: https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-CLIENT-MIN-MESSAGES
    await query({ sql: "set client_min_messages = error" }, signal);
    const work = () => client.query(`${ownMarker} ${sql}`, [...params]);
    try {
      return await begun(work, { socket, waitMs, ...(signal ? { signal } : {}) });
    } catch (error) {
      throw toSqlError(error, !socket.destroyed);
    }
  }

  return {
    server,
    query,
    begin,
    async limit(milliseconds) {
      const whole = Math.max(1, Math.round(milliseconds));
      await query({ sql: `set statement_timeout = ${whole}` });
      timeoutMs = whole;
    },
    close: () => closeSocket(socket, () => client.end()),
  };
}
