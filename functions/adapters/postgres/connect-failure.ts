import {
  type Failure,
  networkFailure,
  noAnswer,
  type Refusal,
  refusal,
  refused,
  sessionLost,
  pointsTo as shared,
  unresolved,
  wordsOf,
} from "../databases/connect-failure.ts";
import { codeOf } from "../databases/error-codes.ts";
import type { Reached } from "../databases/follow-socket.ts";
import { isOtherProtocol, type OtherProtocol, otherProtocolFailure } from "../databases/other-protocol.ts";
import { certificateFailure } from "../databases/tls-failure.ts";
import { isSqlState } from "./sql-errors.ts";

/** How far a connection attempt came. */
export type Progress = Reached | OtherProtocol | "encrypting" | "signing-in" | "preparing";

const noSlot =
  "every slot that this user may take is in use: a leak, a storm or a pool set too large; free sessions or raise max_connections";

const pointsTo = {
  ...shared,
  silent: "something accepts connections and says nothing: a hung or overloaded server, or not PostgreSQL",
  startingUp:
    "the server is starting, recovering or shutting down: a restart, a crash or a failover is under way",
  password:
    "user or password is not accepted: rotated secret, expired IAM token, rds_iam not granted, or a wrong user name",
  hba: "the server refuses this user from this address or without TLS: pg_hba, rds.force_ssl, or a role that may not log in",
  database:
    "the database named in the settings does not exist on this server, or the user may not connect to it",
  configured: "a limit that is set for the server is reached",
  lockTable:
    "the shared lock table is full (max_locks_per_transaction): sessions hold locks on very many tables, partitions or indexes",
  closed:
    "the database is closed to connections (ALLOW_CONNECTIONS false, or one that is being made or dropped)",
  roleLimit: "this role's or database's own connection limit is reached, not that of the server",
} as const;

const states: Readonly<Record<string, Failure>> = {
  "28P01": { failedStep: "sign-in", pointsTo: pointsTo.password },
  "28000": { failedStep: "sign-in", pointsTo: pointsTo.hba },
  "3D000": { failedStep: "sign-in", pointsTo: pointsTo.database },
  "42501": { failedStep: "sign-in", pointsTo: pointsTo.database },
  "53300": { failedStep: "no-free-slot", pointsTo: noSlot },
  "53400": { failedStep: "handshake", pointsTo: pointsTo.configured },
  "53100": { failedStep: "handshake", pointsTo: pointsTo.diskFull },
  "53200": { failedStep: "handshake", pointsTo: pointsTo.memory },
  "55000": { failedStep: "sign-in", pointsTo: pointsTo.closed },
  "57P04": { failedStep: "sign-in", pointsTo: pointsTo.database },
  "57P03": { failedStep: "handshake", pointsTo: pointsTo.startingUp },
  "57P01": { failedStep: "handshake", pointsTo: pointsTo.startingUp },
  "57P02": { failedStep: "handshake", pointsTo: pointsTo.startingUp },
};

const byProgress: Readonly<Record<Exclude<Progress, OtherProtocol>, Failure>> = {
  resolving: unresolved,
  connecting: noAnswer,
  greeting: { failedStep: "handshake", pointsTo: pointsTo.silent },
  encrypting: { failedStep: "tls", pointsTo: pointsTo.tls },
  "signing-in": { failedStep: "handshake", pointsTo: pointsTo.silent },
  preparing: sessionLost,
};

/** Which step failed and what that usually means. */
export function connectFailure(error: unknown, progress: Progress, secret: string): Refusal {
  const code = codeOf(error);
  return refusal(classify(error, progress), error, secret, isSqlState(code) ? code : null);
}

function classify(error: unknown, progress: Progress): Failure {
  if (isOtherProtocol(progress)) return otherProtocolFailure(progress);
  const code = codeOf(error);
  const words = wordsOf(error);
  if (isSqlState(code)) {
    if (code === "53300" && /for (role|database) "/.test(words)) {
      return { failedStep: "no-free-slot", pointsTo: pointsTo.roleLimit };
    }
    if (code === "53200" && /shared memory/.test(words)) {
      return { failedStep: "handshake", pointsTo: pointsTo.lockTable };
    }
    return states[code] ?? bySqlClass(code, progress);
  }
  if (words.includes("does not support SSL")) return { failedStep: "tls", pointsTo: pointsTo.noTls };
  return certificateFailure(error, words) ?? networkFailure(code, progress) ?? byProgress[progress];
}

function bySqlClass(code: string, progress: Exclude<Progress, OtherProtocol>): Failure {
  if (code.startsWith("28")) return { failedStep: "sign-in", pointsTo: pointsTo.password };
  // https://www.postgresql.org/docs/current/errcodes-appendix.html: system errors, and errors of the server itself.
  if (/^(?:58|XX)/.test(code)) return { failedStep: "handshake", pointsTo: pointsTo.serverError };
  return progress === "preparing" ? byProgress.preparing : refused;
}
