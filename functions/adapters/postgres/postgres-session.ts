import type { Socket } from "node:net";
import type { Client } from "pg";
import { SqlError } from "../../core/errors.ts";
import type { ServerInfo, SqlRow, SqlSession, SqlStatement } from "../../core/ports.ts";
import { toSqlError } from "./sql-errors.ts";

/** How much longer than the server's own limit an answer may take: beyond that the way back is broken. */
const networkGraceMs = 1000;
const closeMs = 300;

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

  async function query({ sql, params }: SqlStatement, signal?: AbortSignal): Promise<readonly SqlRow[]> {
    if (socket.destroyed) throw new SqlError("connection-lost", "driver", "the connection is closed");
    const deadline = AbortSignal.timeout(timeoutMs + networkGraceMs);
    const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
    const result = await whileOpen(socket, until, () =>
      // Without values the simple protocol is used: one round trip instead of a parse and a bind.
      params && params.length > 0 ? client.query<SqlRow>(sql, [...params]) : client.query<SqlRow>(sql),
    );
    return result.rows;
  }

  return {
    server,
    query,
    async limit(milliseconds) {
      const whole = Math.max(1, Math.round(milliseconds));
      await query({ sql: `set statement_timeout = ${whole}` });
      timeoutMs = whole;
    },
    async close() {
      const giveUp = setTimeout(() => socket.destroy(), closeMs);
      // A connection that is gone already is closed: nothing is left to report.
      await client.end().catch(() => undefined);
      clearTimeout(giveUp);
      socket.destroy();
    },
  };
}

/**
 * Runs `work`, and destroys the socket when the signal strikes first. The server then ends the statement by its own
 * statement_timeout; nothing on this side waits for that.
 */
async function whileOpen<T>(socket: Socket, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      socket.destroy();
      reject(
        new SqlError("timeout", "deadline", "no answer before the deadline; the connection was dropped"),
      );
    };
  });
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    if (signal.aborted) return await aborted;
    return await Promise.race([work(), aborted]);
  } catch (error) {
    throw toSqlError(error, !socket.destroyed);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
