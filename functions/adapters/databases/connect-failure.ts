import type { Connection } from "../../core/contract/evidence.ts";
import { messageOf } from "../../core/errors.ts";
import type { Reached } from "./follow-socket.ts";

/** Why there is no connection; how long it took is added by the connector. */
export type Refusal = Omit<Connection, "tookMs">;

/** Which step failed, and what that usually means. */
export type Failure = Pick<Connection, "failedStep" | "pointsTo">;

/** What points to the same causes whatever engine is asked. */
export const pointsTo = {
  nameResolution:
    "the endpoint's name does not resolve: deleted or renamed instance, wrong host, or DNS resolution off in the VPC",
  refused:
    "the host answers but nothing listens there: wrong port, or the instance is stopped, starting, rebooting or failing over",
  noAnswer:
    "packets are dropped on the way: security group, network ACL or route, or the instance is stopped or its host is down",
  tls: "TLS was not agreed upon: the server broke the handshake off, or offers no version or cipher that is accepted here",
  noTls: "the server offers no TLS, and the responder does not send a password without it",
  credentials:
    "the sign-in credentials could not be had: Secrets Manager, IAM permission or a missing secret",
  refuses: "the server runs, answers and refuses the sign-in with an error of its own, which says why",
  memory: "the server has no memory left for one session more",
  diskFull: "the server's disk is full: it cannot write what a new session needs",
  serverError:
    "the server cannot read or write files of its own, or found them damaged: see its log before anything is started again",
  session: "the server accepted the sign-in and then refused or dropped the session",
} as const;

export const unresolved: Failure = { failedStep: "name-resolution", pointsTo: pointsTo.nameResolution };
export const refused: Failure = { failedStep: "handshake", pointsTo: pointsTo.refuses };
export const noAnswer: Failure = { failedStep: "tcp", pointsTo: pointsTo.noAnswer };
export const sessionLost: Failure = { failedStep: "session", pointsTo: pointsTo.session };

const byNetworkCode: Readonly<Record<string, Failure>> = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  EAI_FAIL: unresolved,
  ECONNREFUSED: { failedStep: "tcp", pointsTo: pointsTo.refused },
  ETIMEDOUT: noAnswer,
  EHOSTUNREACH: noAnswer,
  ENETUNREACH: noAnswer,
};

/** A reset or a time-out later on says nothing about the way there, which was open. */
export function networkFailure<Later extends string>(
  code: string | null,
  progress: Reached | Later,
): Failure | undefined {
  const early = progress === "resolving" || progress === "connecting";
  return early && code !== null ? byNetworkCode[code] : undefined;
}

/** `detail` keeps the driver's own words without the password. */
export function refusal(
  failure: Failure,
  error: unknown,
  secret: string,
  refusedWith: string | null = null,
): Refusal {
  const words = wordsOf(error);
  const detail = secret === "" ? words : words.replaceAll(secret, "[secret]");
  const code = refusedWith === null ? {} : { refusedWith };
  return { status: "not-connected", ...failure, ...code, detail };
}

export function credentialsFailure(error: unknown): Refusal {
  const detail = `no credentials: ${wordsOf(error)}`;
  return { status: "not-connected", failedStep: "sign-in", pointsTo: pointsTo.credentials, detail };
}

/** Several addresses tried give an AggregateError whose own message is empty. */
export function wordsOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return messageOf(first);
}
