import type { Connection } from "../../core/contract/evidence.ts";
import { messageOf } from "../../core/errors.ts";
import { codeOf, numberOf } from "./sql-errors.ts";

/** How far a connection attempt came, as its socket saw it. */
export type Progress = "resolving" | "connecting" | "greeting" | "signing-in" | "preparing";

type Failure = Pick<Connection, "failedStep" | "pointsTo">;

const pointsTo = {
  nameResolution:
    "the endpoint's name does not resolve: deleted or renamed instance, wrong host, or DNS resolution off in the VPC",
  refused:
    "the host answers but nothing listens there: wrong port, or the instance is stopped, starting, rebooting or failing over",
  noAnswer:
    "packets are dropped on the way: security group, network ACL or route, or the instance is stopped or its host is down",
  silent:
    "something accepts connections and says nothing: a hung or overloaded server, a slow reverse name lookup, or not MySQL",
  signInSilent: "the server greeted and then did not finish the sign-in: hung, overloaded or out of threads",
  blockedHost:
    "the server has blocked this host after too many broken connections (max_connect_errors); TRUNCATE performance_schema.host_cache frees it",
  shuttingDown:
    "the server is shutting down or cannot start a thread: a restart, a failover or no memory left",
  tls: "the server's certificate is not trusted: CA bundle out of date, certificate expired, or a name that is not the endpoint's",
  noTls: "the server offers no TLS, and the responder does not send a password without it",
  tlsRequired: "the server refuses sign-ins without TLS (require_secure_transport), and TLS is off here",
  plainToken: "an IAM token is a password in clear text and is never sent without TLS: turn TLS on",
  password:
    "user or password is not accepted: rotated secret, expired IAM token, wrong user name, or a host the user may not come from",
  locked: "the account is locked or its password has expired",
  database: "the database named in the settings does not exist on this server, or the user may not use it",
  noSlot:
    "every slot is in use (max_connections): a leak, a storm or a pool set too large; free sessions or raise max_connections",
  userLimit: "this user's own connection limit is reached (max_user_connections), not that of the server",
  credentials:
    "the sign-in credentials could not be had: Secrets Manager, IAM permission or a missing secret",
  session: "the server accepted the sign-in and then refused or dropped the session",
} as const;

const signIn: Failure = { failedStep: "sign-in", pointsTo: pointsTo.password };
const database: Failure = { failedStep: "sign-in", pointsTo: pointsTo.database };
const noAnswer: Failure = { failedStep: "tcp", pointsTo: pointsTo.noAnswer };
const unresolved: Failure = { failedStep: "name-resolution", pointsTo: pointsTo.nameResolution };

const byNumber: Readonly<Record<number, Failure>> = {
  1044: database,
  1049: database,
  1045: signIn,
  1130: signIn,
  1251: signIn,
  1524: signIn,
  1698: signIn,
  4151: { failedStep: "sign-in", pointsTo: pointsTo.locked },
  1820: { failedStep: "sign-in", pointsTo: pointsTo.locked },
  1862: { failedStep: "sign-in", pointsTo: pointsTo.locked },
  3118: { failedStep: "sign-in", pointsTo: pointsTo.locked },
  3955: { failedStep: "sign-in", pointsTo: pointsTo.locked },
  3159: { failedStep: "tls", pointsTo: pointsTo.tlsRequired },
  4205: { failedStep: "tls", pointsTo: pointsTo.tlsRequired },
  1040: { failedStep: "no-free-slot", pointsTo: pointsTo.noSlot },
  1203: { failedStep: "no-free-slot", pointsTo: pointsTo.userLimit },
  1226: { failedStep: "no-free-slot", pointsTo: pointsTo.userLimit },
  1129: { failedStep: "handshake", pointsTo: pointsTo.blockedHost },
  1053: { failedStep: "handshake", pointsTo: pointsTo.shuttingDown },
  1135: { failedStep: "handshake", pointsTo: pointsTo.shuttingDown },
};

const byCode: Readonly<Record<string, Failure>> = {
  HANDSHAKE_SSL_ERROR: { failedStep: "tls", pointsTo: pointsTo.tls },
  HANDSHAKE_NO_SSL_SUPPORT: { failedStep: "tls", pointsTo: pointsTo.noTls },
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: signIn,
  AUTH_SWITCH_PLUGIN_ERROR: signIn,
};

/** Trusted only before the TCP connection stood: later the way there was open. */
const byNetworkCode: Readonly<Record<string, Failure>> = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  EAI_FAIL: unresolved,
  ECONNREFUSED: { failedStep: "tcp", pointsTo: pointsTo.refused },
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
};

const byProgress: Readonly<Record<Progress, Failure>> = {
  resolving: unresolved,
  connecting: noAnswer,
  greeting: { failedStep: "handshake", pointsTo: pointsTo.silent },
  "signing-in": { failedStep: "handshake", pointsTo: pointsTo.signInSilent },
  preparing: { failedStep: "session", pointsTo: pointsTo.session },
};

/** Which step failed and what that usually means; `detail` keeps the driver's own words without the password. */
export function connectFailure(
  error: unknown,
  progress: Progress,
  secret: string,
): Omit<Connection, "tookMs"> {
  const detail = secret === "" ? wordsOf(error) : wordsOf(error).replaceAll(secret, "[secret]");
  return { status: "not-connected", ...classify(error, progress), detail };
}

export function credentialsFailure(error: unknown): Omit<Connection, "tookMs"> {
  const detail = `no credentials: ${messageOf(error)}`;
  return { status: "not-connected", failedStep: "sign-in", pointsTo: pointsTo.credentials, detail };
}

export function plainTokenFailure(): Omit<Connection, "tookMs"> {
  const detail = "IAM authentication asked for with TLS off; nothing was sent";
  return { status: "not-connected", failedStep: "tls", pointsTo: pointsTo.plainToken, detail };
}

function classify(error: unknown, progress: Progress): Failure {
  if (progress === "preparing") return byProgress.preparing;
  const number = numberOf(error);
  const code = codeOf(error);
  const known =
    (number === null ? undefined : byNumber[number]) ?? (code === null ? undefined : byCode[code]);
  if (known) return known;
  if (number !== null) return signIn;
  const early = progress === "resolving" || progress === "connecting";
  const network = early && code !== null ? byNetworkCode[code] : undefined;
  return network ?? byProgress[progress];
}

/** Several addresses tried give an AggregateError whose own message is empty. */
function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return messageOf(first);
}
