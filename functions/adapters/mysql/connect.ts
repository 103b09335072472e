import { Socket } from "node:net";
import { type Connection as Client, type ConnectionOptions, createConnection } from "mysql2/promise";
import * as z from "zod";
import type { Target } from "../../core/contract/target.ts";
import type { ConnectOptions, SqlSession } from "../../core/ports.ts";
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
import { connectFailure, type Progress, plainTokenFailure } from "./connect-failure.ts";
import { mysqlSession } from "./mysql-session.ts";
import { serverInfo, serverQuestion, sessionSettings } from "./session-settings.ts";

export interface MysqlCredentials extends Credentials {
  /** The password is an IAM token, which the server wants in clear text inside TLS. */
  readonly iam: boolean;
}

export type MysqlConnectorOptions = ConnectorOptions<MysqlCredentials>;

interface Wire {
  readonly socket: Socket;
  readonly config: ConnectionOptions;
  progress: Progress;
}

const killMs = 1500;
const answerSchema = z.array(z.record(z.string(), z.unknown()));

/** The way to MySQL and MariaDB. */
export function createMysqlConnector({ credentials, tls }: MysqlConnectorOptions): Connect {
  return createConnector(credentials, (target, login) => {
    if (login.iam && tls.mode === "off") return plainTokenFailure();
    const wire = wireOf(target, login, tls);
    const plainToMariadb = target.engine === "mariadb" && tls.mode === "off";
    return {
      signIn: (options, until) => signIn(wire, options, until, () => wireOf(target, login, tls)),
      failure: (error) => connectFailure(error, wire.progress, login.password, plainToMariadb),
      drop: () => wire.socket.destroy(),
    };
  });
}

function wireOf(target: Target, login: MysqlCredentials, tls: Tls): Wire {
  const socket = new Socket();
  const wire: Wire = {
    socket,
    config: { ...configOf(target, login, tls), stream: () => socket.connect(target.port, target.host) },
    progress: "resolving",
  };
  socket.setNoDelay(true);
  followSocket(socket, target.host, (step) => {
    wire.progress = step;
  });
  socket.once("data", (first: Buffer) => {
    wire.progress = otherProtocol(first) ?? "signing-in";
  });
  return wire;
}

function configOf(target: Target, login: MysqlCredentials, tls: Tls): ConnectionOptions {
  const trust = trustOf(tls);
  return {
    host: target.host,
    port: target.port,
    user: login.user,
    password: login.password,
    ...(target.database === null ? {} : { database: target.database }),
    // Without verifyIdentity the driver takes a trusted certificate of any host.
    ...(trust === null ? {} : { ssl: { ...trust, verifyIdentity: true, minVersion: "TLSv1.2" } }),
    enableCleartextPlugin: login.iam,
    // The driver's own timer must not strike before ours, which knows how far the attempt came.
    connectTimeout: 0,
    charset: "UTF8MB4_GENERAL_CI",
    connectAttributes: { program_name: "rds-responder" },
    // A server must not be able to ask this process for a file.
    flags: ["-LOCAL_FILES"],
    // No parser is written and compiled for each statement; the bundles leave out what would (lib/bundle-plugins.ts).
    disableEval: true,
    supportBigNumbers: true,
    decimalNumbers: true,
    dateStrings: true,
  };
}

async function signIn(
  wire: Wire,
  options: ConnectOptions,
  until: AbortSignal,
  another: () => Wire,
): Promise<SqlSession> {
  const client = await open(wire, until);
  wire.progress = "preparing";
  const drop = (): void => {
    wire.socket.destroy();
  };
  const ask = (sql: string): Promise<unknown[]> => before(until, () => client.query(sql), { drop, late });
  const [rows] = await ask(serverQuestion);
  const server = serverInfo(answerSchema.parse(rows)[0]);
  await ask(sessionSettings(server, options));
  return mysqlSession({
    connection: client,
    socket: wire.socket,
    server,
    statementTimeoutMs: options.statementTimeoutMs,
    killOwnThread: () => kill(another, server.backendId),
  });
}

async function open(wire: Wire, until: AbortSignal): Promise<Client> {
  const drop = (): void => {
    wire.socket.destroy();
  };
  const client = await before(until, () => createConnection(wire.config), { drop, late });
  // An idle connection that breaks reports here first; the next query reports it to whoever asks.
  client.on("error", drop);
  return client;
}

/**
 * A user may always kill threads of its own. Best effort: with every slot taken there is no second connection, and
 * the server's own limit has to end the statement.
 * https://dev.mysql.com/doc/refman/8.4/en/kill.html
 */
async function kill(another: () => Wire, threadId: number): Promise<void> {
  const wire = another();
  const until = AbortSignal.timeout(killMs);
  const drop = (): void => {
    wire.socket.destroy();
  };
  try {
    const client = await open(wire, until);
    await before(until, () => client.query(`KILL ${threadId}`), { drop, late });
  } catch {
    // Gone already, or no way in: nothing more can be done from here.
  } finally {
    drop();
  }
}
