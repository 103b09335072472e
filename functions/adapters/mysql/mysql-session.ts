import type { Socket } from "node:net";
import type { Connection } from "mysql2/promise";
import * as z from "zod";
import type { ServerInfo, SqlRow, SqlSession, SqlStatement } from "../../core/ports.ts";
import { ownMarker } from "../../core/text/own-marker.ts";
import { before, within } from "../databases/before.ts";
import { begun, closed, closeSocket, networkGraceMs, tooLate } from "../databases/session-end.ts";
import { statementLimit } from "./session-settings.ts";
import { toSqlError } from "./sql-errors.ts";

interface Wire {
  readonly connection: Connection;
  readonly socket: Socket;
  readonly server: ServerInfo;
  /** In force on the server already. */
  readonly statementTimeoutMs: number;
  /** Ends this connection's thread on the server through another connection; never rejects. */
  killOwnThread(): Promise<void>;
}

const rowsSchema = z.array(z.record(z.string(), z.unknown()));

/**
 * A signed-in connection as a SqlSession. MySQL does not notice that a client has gone, and its limit holds for
 * SELECT only: a statement that is given up is therefore killed as well. `close` waits for that.
 */
export function mysqlSession({
  connection,
  socket,
  server,
  statementTimeoutMs,
  killOwnThread,
}: Wire): SqlSession {
  let timeoutMs = statementTimeoutMs;
  let killed: Promise<void> | null = null;
  const drop = (): void => {
    socket.destroy();
    killed ??= killOwnThread();
  };

  async function query(statement: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]> {
    const { params } = statement;
    const sql = `${ownMarker} ${statement.sql}`;
    if (socket.destroyed) throw closed();
    if (signal?.aborted) throw tooLate();
    const until = within(timeoutMs + networkGraceMs, signal);
    try {
      const work = (): Promise<unknown[]> =>
        params && params.length > 0 ? connection.query(sql, [...params]) : connection.query(sql);
      const [answer] = await before(until, work, { drop, late: tooLate });
      return rowsOf(answer);
    } catch (error) {
      throw toSqlError(error, !socket.destroyed);
    }
  }

  async function begin(
    { sql, params = [] }: SqlStatement,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<"ended" | "goes-on"> {
    const work = () => connection.query(`${ownMarker} ${sql}`, [...params]);
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
      await query({ sql: `SET ${statementLimit(server, milliseconds)}` });
      timeoutMs = Math.max(1, Math.round(milliseconds));
    },
    async close() {
      await closeSocket(socket, async () => {
        if (!socket.destroyed) await connection.end();
      });
      await killed;
    },
  };
}

/** SET and KILL answer with a header; CALL with a list of result sets and a header, of which the first set counts. */
function rowsOf(answer: unknown): readonly SqlRow[] {
  if (!Array.isArray(answer)) return [];
  return rowsSchema.parse(Array.isArray(answer[0]) ? answer[0] : answer);
}
