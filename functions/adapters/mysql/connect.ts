import { isIP, Socket } from "node:net";
import { type Connection as Client, type ConnectionOptions, createConnection } from "mysql2/promise";
import * as z from "zod";
import type { Connection } from "../../core/contract/evidence.ts";
import type { Target } from "../../core/contract/target.ts";
import type { ConnectOptions, ConnectResult, SqlSession } from "../../core/ports.ts";
import { before } from "./before.ts";
import { connectFailure, credentialsFailure, type Progress, plainTokenFailure } from "./connect-failure.ts";
import { mysqlSession } from "./mysql-session.ts";
import { serverInfo, serverQuestion, sessionSettings } from "./session-settings.ts";

export interface MysqlCredentials {
  readonly user: string;
  readonly password: string;
  /** The password is an IAM token, which the server wants in clear text inside TLS. */
  readonly iam: boolean;
}

export interface MysqlConnectorOptions {
  /** Fetched once for each connection: an IAM token is good for 15 minutes only. */
  credentials(target: Target, purpose: ConnectOptions["purpose"]): Promise<MysqlCredentials>;
  readonly tls: {
    readonly mode: "verify" | "off";
    /** PEM bundle; replaces Node's own trust. */
    readonly ca?: string;
  };
}

type Connect = (target: Target, options: ConnectOptions, signal?: AbortSignal) => Promise<ConnectResult>;

interface Attempt {
  readonly socket: Socket;
  readonly config: ConnectionOptions;
  progress: Progress;
}

const killMs = 1500;
const answerSchema = z.array(z.record(z.string(), z.unknown()));

/**
 * One connection to MySQL or MariaDB with its limits set on the server (P0). Never throws for what a database can
 * do: says which step of the way failed. `options.connectTimeoutMs` covers all of it, credentials included.
 */
export function createMysqlConnector({ credentials, tls }: MysqlConnectorOptions): Connect {
  return async (target, options, signal) => {
    const started = performance.now();
    const tookMs = (): number => Math.round(performance.now() - started);
    const refuse = (failure: Omit<Connection, "tookMs">): ConnectResult => ({
      kind: "not-connected",
      connection: { ...failure, tookMs: tookMs() },
    });
    const deadline = AbortSignal.timeout(options.connectTimeoutMs);
    const until = signal ? AbortSignal.any([signal, deadline]) : deadline;
    let login: MysqlCredentials;
    try {
      const drop = (): void => undefined;
      login = await before(until, () => credentials(target, options.purpose), { drop, late });
    } catch (error) {
      return refuse(credentialsFailure(error));
    }
    if (login.iam && tls.mode === "off") return refuse(plainTokenFailure());
    const attempt = startAttempt(target, login, tls);
    try {
      const session = await signIn(attempt, options, until, () => startAttempt(target, login, tls));
      const connection = { status: "connected", failedStep: null, detail: null, pointsTo: null } as const;
      return { kind: "connected", session, connection: { ...connection, tookMs: tookMs() } };
    } catch (error) {
      attempt.socket.destroy();
      return refuse(connectFailure(error, attempt.progress, login.password));
    }
  };
}

function startAttempt(target: Target, login: MysqlCredentials, tls: MysqlConnectorOptions["tls"]): Attempt {
  const socket = new Socket();
  const attempt: Attempt = {
    socket,
    config: { ...configOf(target, login, tls), stream: () => socket.connect(target.port, target.host) },
    progress: isIP(target.host) ? "connecting" : "resolving",
  };
  socket.setNoDelay(true);
  socket.once("lookup", (error: Error | null) => {
    if (!error) attempt.progress = "connecting";
  });
  socket.once("connect", () => {
    attempt.progress = "greeting";
  });
  socket.once("data", () => {
    attempt.progress = "signing-in";
  });
  return attempt;
}

function configOf(
  target: Target,
  login: MysqlCredentials,
  tls: MysqlConnectorOptions["tls"],
): ConnectionOptions {
  return {
    host: target.host,
    port: target.port,
    user: login.user,
    password: login.password,
    ...(target.database === null ? {} : { database: target.database }),
    // Without verifyIdentity the driver takes a trusted certificate of any host.
    ...(tls.mode === "off"
      ? {}
      : {
          ssl: {
            rejectUnauthorized: true,
            verifyIdentity: true,
            minVersion: "TLSv1.2",
            ...(tls.ca === undefined ? {} : { ca: tls.ca }),
          },
        }),
    enableCleartextPlugin: login.iam,
    // The driver's own timer must not strike before ours, which knows how far the attempt came.
    connectTimeout: 0,
    charset: "UTF8MB4_GENERAL_CI",
    connectAttributes: { program_name: "rds-responder" },
    // A server must not be able to ask this process for a file.
    flags: ["-LOCAL_FILES"],
    supportBigNumbers: true,
    decimalNumbers: true,
    dateStrings: true,
  };
}

async function signIn(
  attempt: Attempt,
  options: ConnectOptions,
  until: AbortSignal,
  another: () => Attempt,
): Promise<SqlSession> {
  const client = await open(attempt, until);
  attempt.progress = "preparing";
  const drop = (): void => {
    attempt.socket.destroy();
  };
  const ask = (sql: string): Promise<unknown[]> => before(until, () => client.query(sql), { drop, late });
  const [rows] = await ask(serverQuestion);
  const server = serverInfo(answerSchema.parse(rows)[0]);
  await ask(sessionSettings(server, options));
  return mysqlSession({
    connection: client,
    socket: attempt.socket,
    server,
    statementTimeoutMs: options.statementTimeoutMs,
    killOwnThread: () => kill(another, server.backendId),
  });
}

async function open(attempt: Attempt, until: AbortSignal): Promise<Client> {
  const drop = (): void => {
    attempt.socket.destroy();
  };
  const client = await before(until, () => createConnection(attempt.config), { drop, late });
  // An idle connection that breaks reports here first; the next query reports it to whoever asks.
  client.on("error", drop);
  return client;
}

/**
 * A user may always kill threads of its own. Best effort: with every slot taken there is no second connection, and
 * the server's own limit has to end the statement.
 * https://dev.mysql.com/doc/refman/8.4/en/kill.html
 */
async function kill(another: () => Attempt, threadId: number): Promise<void> {
  const attempt = another();
  const until = AbortSignal.timeout(killMs);
  const drop = (): void => {
    attempt.socket.destroy();
  };
  try {
    const client = await open(attempt, until);
    await before(until, () => client.query(`KILL ${threadId}`), { drop, late });
  } catch {
    // Gone already, or no way in: nothing more can be done from here.
  } finally {
    drop();
  }
}

function late(): Error {
  return new Error("no answer before the deadline");
}
