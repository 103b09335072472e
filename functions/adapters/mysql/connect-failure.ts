import {
  type Failure,
  networkFailure,
  noAnswer,
  type Refusal,
  refusal,
  refused as refusedByServer,
  sessionLost,
  pointsTo as shared,
  unresolved,
  wordsOf,
} from "../databases/connect-failure.ts";
import { codeOf } from "../databases/error-codes.ts";
import type { Reached } from "../databases/follow-socket.ts";
import { isOtherProtocol, type OtherProtocol, otherProtocolFailure } from "../databases/other-protocol.ts";
import { certificateFailure } from "../databases/tls-failure.ts";
import { numberOf } from "./sql-errors.ts";

/** How far a connection attempt came. */
export type Progress = Reached | OtherProtocol | "signing-in" | "preparing";

const pointsTo = {
  ...shared,
  silent:
    "something accepts connections and says nothing: a hung or overloaded server, a slow reverse name lookup, or not MySQL",
  signInSilent: "the server greeted and then did not finish the sign-in: hung, overloaded or out of threads",
  blockedHost:
    "the server has blocked this host after too many broken connections (max_connect_errors); TRUNCATE performance_schema.host_cache frees it",
  shuttingDown: "the server is shutting down: a restart or a failover",
  thread: "the server cannot start a thread for one session more: no memory left, or its limit of threads",
  offline: "the server is in offline mode: somebody keeps ordinary users out (offline_mode)",
  tlsRequired: "the server refuses sign-ins without TLS (require_secure_transport), and TLS is off here",
  plainToken: "an IAM token is a password in clear text and is never sent without TLS: turn TLS on",
  password:
    "user or password is not accepted: rotated secret, expired IAM token, wrong user name, or a host the user may not come from",
  passwordOrTls:
    "user or password is not accepted, or the server requires TLS (require_secure_transport), which is off here: older MariaDB answers the same to both",
  locked: "the account is locked or its password has expired",
  database: "the database named in the settings does not exist on this server, or the user may not use it",
  noSlot:
    "every slot is in use (max_connections): a leak, a storm or a pool set too large; free sessions or raise max_connections",
  userLimit: "this user's own connection limit is reached (max_user_connections), not that of the server",
} as const;

const signIn: Failure = { failedStep: "sign-in", pointsTo: pointsTo.password };
const database: Failure = { failedStep: "sign-in", pointsTo: pointsTo.database };

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
  1040: { failedStep: "no-free-slot", pointsTo: pointsTo.noSlot },
  1203: { failedStep: "no-free-slot", pointsTo: pointsTo.userLimit },
  1226: { failedStep: "no-free-slot", pointsTo: pointsTo.userLimit },
  1129: { failedStep: "handshake", pointsTo: pointsTo.blockedHost },
  1053: { failedStep: "handshake", pointsTo: pointsTo.shuttingDown },
  1077: { failedStep: "handshake", pointsTo: pointsTo.shuttingDown },
  1135: { failedStep: "handshake", pointsTo: pointsTo.thread },
  1037: { failedStep: "handshake", pointsTo: pointsTo.memory },
  1041: { failedStep: "handshake", pointsTo: pointsTo.memory },
  1021: { failedStep: "handshake", pointsTo: pointsTo.diskFull },
  3032: { failedStep: "sign-in", pointsTo: pointsTo.offline },
};

const byCode: Readonly<Record<string, Failure>> = {
  HANDSHAKE_SSL_ERROR: { failedStep: "tls", pointsTo: pointsTo.tls },
  HANDSHAKE_NO_SSL_SUPPORT: { failedStep: "tls", pointsTo: pointsTo.noTls },
  MYSQL_CLEAR_PASSWORD_NOT_ENABLED: signIn,
  AUTH_SWITCH_PLUGIN_ERROR: signIn,
};

const byProgress: Readonly<Record<Exclude<Progress, OtherProtocol>, Failure>> = {
  resolving: unresolved,
  connecting: noAnswer,
  greeting: { failedStep: "handshake", pointsTo: pointsTo.silent },
  "signing-in": { failedStep: "handshake", pointsTo: pointsTo.signInSilent },
  preparing: sessionLost,
};

/** Which step failed and what that usually means. */
export function connectFailure(
  error: unknown,
  progress: Progress,
  secret: string,
  plainToMariadb = false,
): Refusal {
  const failure = classify(error, progress);
  const number = numberOf(error);
  const told = plainToMariadb && failure === signIn ? eitherOf : failure;
  return refusal(told, error, secret, number === null ? null : String(number));
}

/**
 * MariaDB has 3159 only of late, and 1045 before, in the very words of a wrong password (seen on 10.11). Nothing of the
 * greeting tells either. https://github.com/MariaDB/server/commit/742f960eeb (MDEV-30178)
 */
const eitherOf: Failure = { failedStep: "sign-in", pointsTo: pointsTo.passwordOrTls };

export function plainTokenFailure(): Refusal {
  const detail = "IAM authentication asked for with TLS off; nothing was sent";
  return { status: "not-connected", failedStep: "tls", pointsTo: pointsTo.plainToken, detail };
}

/** What the server has run out of is as true a moment after the sign-in. */
function afterSignIn(number: number | null): Failure {
  const known = number === null ? undefined : byNumber[number];
  return known === undefined || known.failedStep === "sign-in" ? byProgress.preparing : known;
}

/** An error that names no state is taken for one; 28 and 42 are the classes of access. */
function speaksOfSignIn(error: unknown): boolean {
  const state = typeof error === "object" && error !== null && "sqlState" in error ? error.sqlState : null;
  return typeof state !== "string" || /^(?:28|42)/.test(state);
}

function classify(error: unknown, progress: Progress): Failure {
  if (isOtherProtocol(progress)) return otherProtocolFailure(progress);
  const number = numberOf(error);
  if (progress === "preparing") return afterSignIn(number);
  const code = codeOf(error);
  const refused = code === "HANDSHAKE_SSL_ERROR" ? certificateFailure(error, wordsOf(error)) : undefined;
  if (refused) return refused;
  const known =
    (number === null ? undefined : byNumber[number]) ?? (code === null ? undefined : byCode[code]);
  if (known) return known;
  if (number !== null) return speaksOfSignIn(error) ? signIn : refusedByServer;
  return networkFailure(code, progress) ?? byProgress[progress];
}
