/** Base of every error that this project throws; `cause` keeps what led to it. */
export class ResponderError extends Error {
  override readonly name: string = "ResponderError";
}

export type SqlErrorKind =
  | "timeout"
  | "permission"
  | "missing-object"
  | "no-such-session"
  | "connection-lost"
  | "read-only"
  | "other";

/** What an engine answered instead of rows. Callers branch on `kind` or `code`, never on the text. */
export class SqlError extends ResponderError {
  override readonly name = "SqlError";
  readonly kind: SqlErrorKind;
  /** SQLSTATE on PostgreSQL, the symbol (ER_…) on MySQL and MariaDB. */
  readonly code: string;

  constructor(kind: SqlErrorKind, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}

/** What AWS answered instead of doing what it was asked for, or that no answer came. */
export class AwsError extends ResponderError {
  override readonly name = "AwsError";
  /** As AWS names it (InvalidDBInstanceState); the SDK's own name where no answer came (TimeoutError). */
  readonly code: string;
  /** AWS said no, and nothing happened. False: it may have been carried out all the same. */
  readonly refused: boolean;

  constructor(code: string, refused: boolean, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.refused = refused;
  }
}

/** A record is there and is not what belongs there, now or later: written by a newer version, or by hand. */
export class UnreadableError extends ResponderError {
  override readonly name = "UnreadableError";
}

/** A conditional write found that somebody else was there first. */
export class ConflictError extends ResponderError {
  override readonly name = "ConflictError";
}

/**
 * What a step was given cannot be worked with, and would not be better the second time. The state machine knows these
 * errors by their names, and does not try again; Lambda hands the name on.
 */
export class InvalidInputError extends ResponderError {
  override readonly name = "InvalidInput";
}

/** The incident is over, or another execution has it in hand: this one has nothing left to do. */
export class IncidentOverError extends ResponderError {
  override readonly name = "IncidentOver";
}

/** An alarm came after the look by which the machine decided to rest: there is something to look at now. */
export class SignalWaitingError extends ResponderError {
  override readonly name = "SignalWaiting";
}

/** This execution has looked as often as its history allows: the next one goes on with the incident. */
export class HandOverError extends ResponderError {
  override readonly name = "HandOver";
}

/** Another execution goes on with this failover: this one stops, and touches nothing any more. */
export class DeposedError extends ResponderError {
  override readonly name = "Deposed";
}

/** One sentence for a person, from whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
