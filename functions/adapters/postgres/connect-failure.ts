import type { Connection } from "../../core/contract/evidence.ts";
import { codeOf, isSqlState } from "./sql-errors.ts";

/** How far a connection attempt came, as its socket saw it. */
export type Progress = "resolving" | "connecting" | "greeting" | "encrypting" | "signing-in" | "preparing";

type Failure = Pick<Connection, "failedStep" | "pointsTo">;

const noSlot =
  "every slot that this user may take is in use: a leak, a storm or a pool set too large; free sessions or raise max_connections";

const pointsTo = {
  nameResolution:
    "the endpoint's name does not resolve: deleted or renamed instance, wrong host, or DNS resolution off in the VPC",
  refused:
    "the host answers but nothing listens there: wrong port, or the instance is stopped, starting, rebooting or failing over",
  noAnswer:
    "packets are dropped on the way: security group, network ACL or route, or the instance is stopped or its host is down",
  silent: "something accepts connections and says nothing: a hung or overloaded server, or not PostgreSQL",
  startingUp:
    "the server is starting, recovering or shutting down: a restart, a crash or a failover is under way",
  tls: "the server's certificate is not trusted: CA bundle out of date, certificate expired, or a name that is not the endpoint's",
  noTls: "the server offers no TLS, and the responder does not send a password without it",
  password:
    "user or password is not accepted: rotated secret, expired IAM token, rds_iam not granted, or a wrong user name",
  hba: "the server refuses this user from this address or without TLS: pg_hba, rds.force_ssl, or a role that may not log in",
  database:
    "the database named in the settings does not exist on this server, or the user may not connect to it",
  roleLimit: "this role's or database's own connection limit is reached, not that of the server",
  credentials:
    "the sign-in credentials could not be had: Secrets Manager, IAM permission or a missing secret",
  session: "the server accepted the sign-in and then refused or dropped the session",
} as const;

const networkCodes: Readonly<Record<string, Failure>> = {
  ENOTFOUND: { failedStep: "name-resolution", pointsTo: pointsTo.nameResolution },
  EAI_AGAIN: { failedStep: "name-resolution", pointsTo: pointsTo.nameResolution },
  EAI_FAIL: { failedStep: "name-resolution", pointsTo: pointsTo.nameResolution },
  ECONNREFUSED: { failedStep: "tcp", pointsTo: pointsTo.refused },
  ETIMEDOUT: { failedStep: "tcp", pointsTo: pointsTo.noAnswer },
  EHOSTUNREACH: { failedStep: "tcp", pointsTo: pointsTo.noAnswer },
  ENETUNREACH: { failedStep: "tcp", pointsTo: pointsTo.noAnswer },
};

const states: Readonly<Record<string, Failure>> = {
  "28P01": { failedStep: "sign-in", pointsTo: pointsTo.password },
  "28000": { failedStep: "sign-in", pointsTo: pointsTo.hba },
  "3D000": { failedStep: "sign-in", pointsTo: pointsTo.database },
  "42501": { failedStep: "sign-in", pointsTo: pointsTo.database },
  "53300": { failedStep: "no-free-slot", pointsTo: noSlot },
  "57P03": { failedStep: "handshake", pointsTo: pointsTo.startingUp },
  "57P01": { failedStep: "handshake", pointsTo: pointsTo.startingUp },
  "57P02": { failedStep: "handshake", pointsTo: pointsTo.startingUp },
};

const byProgress: Readonly<Record<Progress, Failure>> = {
  resolving: { failedStep: "name-resolution", pointsTo: pointsTo.nameResolution },
  connecting: { failedStep: "tcp", pointsTo: pointsTo.noAnswer },
  greeting: { failedStep: "handshake", pointsTo: pointsTo.silent },
  encrypting: { failedStep: "tls", pointsTo: pointsTo.tls },
  "signing-in": { failedStep: "handshake", pointsTo: pointsTo.silent },
  preparing: { failedStep: "session", pointsTo: pointsTo.session },
};

/** Which step failed and what that usually means; `detail` keeps the driver's own words without the password. */
export function connectFailure(
  error: unknown,
  progress: Progress,
  secret: string | null,
): Omit<Connection, "tookMs"> {
  return {
    status: "not-connected",
    ...classify(error, progress),
    detail: withoutSecret(wordsOf(error), secret),
  };
}

export function credentialsFailure(error: unknown): Omit<Connection, "tookMs"> {
  const detail = `no credentials: ${wordsOf(error)}`;
  return { status: "not-connected", failedStep: "sign-in", pointsTo: pointsTo.credentials, detail };
}

function classify(error: unknown, progress: Progress): Failure {
  const code = codeOf(error);
  const words = wordsOf(error);
  if (isSqlState(code)) {
    if (code === "53300" && /for (role|database) "/.test(words)) {
      return { failedStep: "no-free-slot", pointsTo: pointsTo.roleLimit };
    }
    return states[code] ?? bySqlClass(code, progress);
  }
  if (words.includes("does not support SSL")) return { failedStep: "tls", pointsTo: pointsTo.noTls };
  const network = code === null ? undefined : networkCodes[code];
  // A reset or a time-out later on says nothing about the way there, which was open.
  const early = progress === "resolving" || progress === "connecting";
  return (early ? network : undefined) ?? byProgress[progress];
}

function bySqlClass(code: string, progress: Progress): Failure {
  if (code.startsWith("28")) return { failedStep: "sign-in", pointsTo: pointsTo.password };
  return progress === "preparing" ? byProgress.preparing : byProgress["signing-in"];
}

/** Several addresses tried give an AggregateError whose own message is empty. */
function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return first instanceof Error ? first.message : String(first);
}

function withoutSecret(words: string, secret: string | null): string {
  return secret ? words.replaceAll(secret, "[secret]") : words;
}
