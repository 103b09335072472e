import { isIP, Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { Client, type ClientConfig } from "pg";
import type { Connection } from "../../core/contract/evidence.ts";
import type { Target } from "../../core/contract/target.ts";
import type { ConnectOptions, ConnectResult, ServerInfo, SqlSession } from "../../core/ports.ts";
import { connectFailure, credentialsFailure, type Progress } from "./connect-failure.ts";
import { postgresSession } from "./postgres-session.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface PostgresConnectorOptions {
  /** Fetched once for each connection: an IAM token is good for 15 minutes only. */
  credentials(target: Target, purpose: ConnectOptions["purpose"]): Promise<Credentials>;
  readonly tls: {
    readonly mode: "verify" | "off" /** PEM bundle; replaces Node's own trust. */;
    readonly ca?: string;
  };
}

export type Connect = (
  target: Target,
  options: ConnectOptions,
  signal?: AbortSignal,
) => Promise<ConnectResult>;

interface Attempt {
  readonly client: Client;
  readonly socket: Socket;
  progress: Progress;
}

/**
 * One connection with its limits set on the server (P0). Never throws for what a database can do: says which step
 * of the way failed. `options.connectTimeoutMs` covers all of it, credentials included.
 */
export function createPostgresConnector({ credentials, tls }: PostgresConnectorOptions): Connect {
  return async (target, options, signal) => {
    const started = performance.now();
    const tookMs = (): number => Math.round(performance.now() - started);
    const refuse = (failure: Omit<Connection, "tookMs">): ConnectResult => ({
      kind: "not-connected",
      connection: { ...failure, tookMs: tookMs() },
    });
    const deadline = AbortSignal.timeout(options.connectTimeoutMs);
    const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
    let login: Credentials;
    try {
      login = await before(until, credentials(target, options.purpose), () => undefined);
    } catch (error) {
      return refuse(credentialsFailure(error));
    }
    const attempt = startAttempt(target, login, tls);
    try {
      const session = await signIn(attempt, options, until);
      const connection = { status: "connected", failedStep: null, detail: null, pointsTo: null } as const;
      return { kind: "connected", session, connection: { ...connection, tookMs: tookMs() } };
    } catch (error) {
      attempt.socket.destroy();
      return refuse(connectFailure(error, progressOf(attempt), login.password));
    }
  };
}

function startAttempt(target: Target, login: Credentials, tls: PostgresConnectorOptions["tls"]): Attempt {
  const socket = new Socket();
  const config: ClientConfig = {
    host: target.host,
    port: target.port,
    database: target.database ?? "postgres",
    user: login.user,
    password: login.password,
    ssl: tls.mode === "off" ? false : { rejectUnauthorized: true, ...(tls.ca ? { ca: tls.ca } : {}) },
    application_name: "rds-responder",
    stream: () => socket,
  };
  const attempt: Attempt = { client: new Client(config), socket, progress: "resolving" };
  if (isIP(target.host)) attempt.progress = "connecting";
  socket.once("lookup", (error: Error | null) => {
    if (!error) attempt.progress = "connecting";
  });
  socket.once("connect", () => {
    attempt.progress = "greeting";
    socket.once("data", () => {
      attempt.progress = tls.mode === "off" ? "signing-in" : "encrypting";
    });
  });
  // An idle connection that breaks reports here first; the next query reports it to whoever asks.
  attempt.client.on("error", () => socket.destroy());
  return attempt;
}

/** The driver swaps its stream when it begins to encrypt; only that one knows whether a handshake was completed. */
function progressOf({ client, progress }: Attempt): Progress {
  const { stream } = client.connection;
  const trusted = stream instanceof TLSSocket && stream.authorized;
  return progress === "encrypting" && trusted ? "signing-in" : progress;
}

async function signIn(attempt: Attempt, options: ConnectOptions, until: AbortSignal): Promise<SqlSession> {
  const { client, socket } = attempt;
  const drop = (): void => {
    socket.destroy();
  };
  await before(until, client.connect(), drop);
  attempt.progress = "preparing";
  const answers: unknown = await before(until, client.query(sessionSettings(options) + serverQuestion), drop);
  const server = serverInfo(answers);
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
  current_setting('server_version_num')::int / 10000 as major, pg_backend_pid() as pid`;

/** A query of several statements answers with one result each; the last is the question's. */
function serverInfo(answers: unknown): ServerInfo {
  const last: unknown = Array.isArray(answers) ? answers.at(-1) : answers;
  const rows = typeof last === "object" && last !== null && "rows" in last ? last.rows : [];
  const row: unknown = Array.isArray(rows) ? rows[0] : null;
  const { version, major, pid } = { version: null, major: null, pid: null, ...(row ?? {}) };
  if (typeof version !== "string" || typeof major !== "number" || typeof pid !== "number") {
    throw new Error("the server did not say which version it is");
  }
  return { engine: "postgres", version, major, backendId: pid };
}

/** The promise's own end, or a rejection when the signal strikes first; `drop` then makes the work end too. */
async function before<T>(signal: AbortSignal, work: Promise<T>, drop: () => void): Promise<T> {
  let abort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      drop();
      reject(new Error("no answer before the deadline"));
    };
  });
  // Whichever loses the race may still reject, with nobody left to listen.
  work.catch(() => undefined);
  aborted.catch(() => undefined);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
