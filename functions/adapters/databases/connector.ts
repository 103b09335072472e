import type { Target } from "../../core/contract/target.ts";
import type { ConnectOptions, ConnectResult, SqlSession } from "../../core/ports.ts";
import { before, within } from "./before.ts";
import { credentialsFailure, type Refusal } from "./connect-failure.ts";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface ConnectorOptions<Login extends Credentials> {
  /** Fetched once for each connection: an IAM token is good for 15 minutes only. */
  credentials(target: Target, purpose: ConnectOptions["purpose"]): Promise<Login>;
  readonly tls: Tls;
}

export interface Tls {
  readonly mode: "verify" | "off";
  /** PEM bundle; replaces Node's own trust. */
  readonly ca?: string;
}

/** What a driver is told about trust; null: do not encrypt. */
export function trustOf({
  mode,
  ca,
}: Tls): { readonly rejectUnauthorized: true; readonly ca?: string } | null {
  return mode === "off" ? null : { rejectUnauthorized: true, ...(ca ? { ca } : {}) };
}

export type Connect = (
  target: Target,
  options: ConnectOptions,
  signal?: AbortSignal,
) => Promise<ConnectResult>;

/** One try of a driver. It is made without touching the network. */
export interface Attempt {
  signIn(options: ConnectOptions, until: AbortSignal): Promise<SqlSession>;
  /** What an error of `signIn` means at the step that was reached. */
  failure(error: unknown): Refusal;
  /** Closes the socket at once. */
  drop(): void;
}

/** The driver's own part: an attempt with these credentials, or why none may be made. */
export type StartAttempt<Login> = (target: Target, login: Login) => Attempt | Refusal;

/**
 * One connection with its limits set on the server (P0). Never throws for what a database can do: says which step
 * of the way failed. `options.connectTimeoutMs` covers all of it, credentials included.
 */
export function createConnector<Login extends Credentials>(
  credentials: ConnectorOptions<Login>["credentials"],
  start: StartAttempt<Login>,
): Connect {
  return async (target, options, signal) => {
    const started = performance.now();
    const tookMs = (): number => Math.round(performance.now() - started);
    const refuse = (refusal: Refusal): ConnectResult => ({
      kind: "not-connected",
      connection: { ...refusal, tookMs: tookMs() },
    });
    const until = within(options.connectTimeoutMs, signal);
    let login: Login;
    try {
      const drop = (): void => undefined;
      login = await before(until, () => credentials(target, options.purpose), { drop, late });
    } catch (error) {
      return refuse(credentialsFailure(error));
    }
    const attempt = start(target, login);
    if (!("signIn" in attempt)) return refuse(attempt);
    try {
      const session = await attempt.signIn(options, until);
      const connection = { status: "connected", failedStep: null, detail: null, pointsTo: null } as const;
      const { account } = session.server;
      const known = account === undefined ? {} : { account };
      return { kind: "connected", session, connection: { ...connection, ...known, tookMs: tookMs() } };
    } catch (error) {
      attempt.drop();
      return refuse(attempt.failure(error));
    }
  };
}

/** The error of every step that the deadline cut short. */
export function late(): Error {
  return new Error("no answer before the deadline");
}
