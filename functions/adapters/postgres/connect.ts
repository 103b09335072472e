import { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { Client, type ClientConfig } from "pg";
import type { Target } from "../../core/contract/target.ts";
import type { ConnectOptions, ServerInfo, SqlSession } from "../../core/ports.ts";
import { before } from "../databases/before.ts";
import {
  type Connect,
  type ConnectorOptions,
  type Credentials,
  createConnector,
  late,
  type Tls,
  trustOf,
} from "../databases/connector.ts";
import { followSocket } from "../databases/follow-socket.ts";
import { otherProtocol } from "../databases/other-protocol.ts";
import { connectFailure, type Progress } from "./connect-failure.ts";
import { postgresSession } from "./postgres-session.ts";

interface Wire {
  readonly client: Client;
  readonly socket: Socket;
  progress: Progress;
}

/** The way to PostgreSQL. */
export function createPostgresConnector({ credentials, tls }: ConnectorOptions<Credentials>): Connect {
  return createConnector(credentials, (target, login) => {
    const wire = wireOf(target, login, tls);
    return {
      signIn: (options, until) => signIn(wire, options, until),
      failure: (error) => connectFailure(error, progressOf(wire), login.password),
      drop: () => wire.socket.destroy(),
    };
  });
}

function wireOf(target: Target, login: Credentials, tls: Tls): Wire {
  const socket = new Socket();
  const config: ClientConfig = {
    host: target.host,
    port: target.port,
    database: target.database ?? "postgres",
    user: login.user,
    password: login.password,
    ssl: trustOf(tls) ?? false,
    application_name: "rds-responder",
    stream: () => socket,
  };
  const wire: Wire = { client: new Client(config), socket, progress: "resolving" };
  followSocket(socket, target.host, (step) => {
    wire.progress = step;
    if (step !== "greeting") return;
    socket.once("data", (first: Buffer) => {
      wire.progress = otherProtocol(first) ?? (tls.mode === "off" ? "signing-in" : "encrypting");
    });
  });
  // An idle connection that breaks reports here first; the next query reports it to whoever asks.
  wire.client.on("error", () => socket.destroy());
  return wire;
}

/** The driver swaps its stream when it begins to encrypt; only that one knows whether a handshake was completed. */
function progressOf({ client, progress }: Wire): Progress {
  const { stream } = client.connection;
  const trusted = stream instanceof TLSSocket && stream.authorized;
  return progress === "encrypting" && trusted ? "signing-in" : progress;
}

async function signIn(wire: Wire, options: ConnectOptions, until: AbortSignal): Promise<SqlSession> {
  const { client, socket } = wire;
  const drop = (): void => {
    socket.destroy();
  };
  await before(until, () => client.connect(), { drop, late });
  wire.progress = "preparing";
  const prepare = (): Promise<unknown> => client.query(sessionSettings(options) + serverQuestion);
  const server = serverInfo(await before(until, prepare, { drop, late }));
  return postgresSession({ client, socket, server, statementTimeoutMs: options.statementTimeoutMs });
}

/**
 * SET and not start-up options, which RDS Proxy and PgBouncer refuse. The time zone and date style make
 * backend_start read the same in every session: it is half of a session's identity. Objects outside pg_catalog must
 * be named with their schema, so that nobody can put a function of the same name in the way.
 */
function sessionSettings({ purpose, statementTimeoutMs, lockTimeoutMs }: ConnectOptions): string {
  const settings = {
    statement_timeout: Math.round(statementTimeoutMs),
    lock_timeout: Math.round(lockTimeoutMs),
    idle_in_transaction_session_timeout: Math.round(statementTimeoutMs) + 10_000,
    default_transaction_read_only: purpose === "probe" ? "on" : "off",
    timezone: "'UTC'",
    datestyle: "'ISO, YMD'",
    search_path: "pg_catalog",
    jit: "off",
    max_parallel_workers_per_gather: 0,
  };
  return Object.entries(settings)
    .map(([name, value]) => `set ${name} = ${value};`)
    .join("");
}

const serverQuestion = `select current_setting('server_version') as version,
  current_setting('server_version_num')::int / 10000 as major, pg_backend_pid() as pid, quote_ident(current_user) as account`;

/** A query of several statements answers with one result each; the last is the question's. */
function serverInfo(answers: unknown): ServerInfo {
  const last: unknown = Array.isArray(answers) ? answers.at(-1) : answers;
  const rows = typeof last === "object" && last !== null && "rows" in last ? last.rows : [];
  const row: unknown = Array.isArray(rows) ? rows[0] : null;
  const nothing = { version: null, major: null, pid: null, account: null };
  const { version, major, pid, account } = { ...nothing, ...(row ?? {}) };
  if (typeof version !== "string" || typeof major !== "number" || typeof pid !== "number") {
    throw new Error("the server did not say which version it is");
  }
  const known = typeof account === "string" ? { account } : {};
  return { engine: "postgres", version, major, backendId: pid, ...known };
}
