import type { FaultRule } from "../lab/endpoint/fault-proxy.ts";

export type AwsFault = keyof typeof effects;

/**
 * What AWS or the way to it may do to a call. Codes and statuses are AWS's own; `lost` is the worst: the call was carried
 * out and the caller does not learn of it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const effects = {
  throttled: { error: { code: "ThrottlingException", status: 400, message: "Rate exceeded" } },
  refused: { error: { code: "AccessDeniedException", status: 400, message: "is not authorized" } },
  "broken down": { error: { code: "InternalFailure", status: 500, message: "internal" } },
  hung: { timeout_ms: 60_000 },
  reset: { reset: true },
  "half-answered": { response: { truncate_frac: 0.5 } },
  lost: { response: { abort_frac: 0 } },
} as const satisfies Readonly<Record<string, Omit<FaultRule, "service">>>;

/** A service by its name in the signature, and one of its operations or `*`. */
export type AwsCall = `${string}:${string}`;

/** A fault before a call: each time, or so many times. */
export function faultBefore(call: AwsCall, fault: AwsFault, times?: number): FaultRule {
  const [service = "", operation = ""] = call.split(":");
  return {
    service,
    ...(operation === "*" ? {} : { operation }),
    ...effects[fault],
    ...(times === undefined ? {} : { times }),
  };
}
