import type { ParseArgsOptionsConfig } from "node:util";

/** Exit codes (SPEC K). */
export const exitCodes = {
  healthy: 0,
  findings: 1,
  usage: 2,
  notConnected: 3,
  refused: 4,
  cannotJudge: 5,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Thrown for what the caller wrote wrongly; printed as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export type Options = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

/** One sub-command. */
export interface Command {
  readonly summary: string;
  readonly usage: string;
  readonly options: ParseArgsOptionsConfig;
  /** Options that may stand without a value, and what they then mean. */
  readonly bare?: Readonly<Record<string, string>>;
  /** Option that may also be given without its name. */
  readonly positional?: string;
  run(options: Options, io: Io): Promise<ExitCode>;
}

export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** A person reads it: colour and progress are welcome. */
  readonly terminal: boolean;
}

/** The arguments with a value behind every option that stands without one. */
export function withValues(args: readonly string[], bare: Command["bare"]): readonly string[] {
  return args.flatMap((arg, at) => {
    const value = arg.startsWith("--") ? bare?.[arg.slice(2)] : undefined;
    const next = args[at + 1];
    return value !== undefined && (next === undefined || next.startsWith("--")) ? [arg, value] : [arg];
  });
}

export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}

export function textOptions(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function choice<const T extends string>(
  options: Options,
  name: string,
  allowed: readonly T[],
  fallback: T,
): T {
  const value = textOption(options, name);
  if (value === undefined) return fallback;
  const found = allowed.find((word) => word === value);
  if (found === undefined)
    throw new UsageError(`--${name} must be one of ${allowed.join(", ")}, not "${value}"`);
  return found;
}
