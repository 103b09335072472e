import type { Sight } from "../../core/context-ports.ts";
import type { Missing } from "../../core/contract/evidence.ts";
import { messageOf } from "../../core/errors.ts";

/** What is read by one call, and the permission that this call needs. */
export interface Attempt {
  readonly what: string;
  /** IAM action, such as "rds:DescribeEvents". */
  readonly action: string;
}

/** The call's answer, or null and why (SPEC M6): a refused or throttled call costs only its own part. */
export async function attempt<T>(call: Attempt, run: () => Promise<T>): Promise<Sight<T | null>> {
  try {
    return { value: await run(), missing: [] };
  } catch (error) {
    return { value: null, missing: [refused(call, error)] };
  }
}

function refused({ what, action }: Attempt, error: unknown): Missing {
  const name = error instanceof Error ? error.name : "";
  const reason = `${action} failed: ${name === "" || name === "Error" ? "" : `${name}: `}${firstLine(messageOf(error))}`;
  return { what, reason, howToSee: howToSee(name, action) };
}

function howToSee(errorName: string, action: string): string | null {
  if (/AccessDenied|UnauthorizedOperation|NotAuthorized|AuthorizationError/i.test(errorName))
    return `allow ${action}`;
  if (/Throttl|TooManyRequests|RequestLimitExceeded/i.test(errorName))
    return "it is asked again at the next look";
  return null;
}

/** Messages of AWS quote roles and resources; they are never longer than this for a good reason. */
function firstLine(text: string): string {
  return (text.split("\n")[0] ?? "").slice(0, 300);
}

export function during(signal: AbortSignal | undefined) {
  return signal ? { abortSignal: signal } : {};
}

export function isoOf(at: Date | undefined): string | null {
  return at === undefined || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
