import * as z from "zod";
import { type Answer, type AwsCall, errorAnswer } from "./aws-call.ts";

/**
 * What becomes of a call. `never-finishes`: accepted and then nothing. `insufficient-capacity`, `throttled`, `refused`:
 * said no, without effect. `answer-lost`: done, and the connection breaks. `hung`: never answered, without effect.
 * `late`: done at once, answered after `delayMs`.
 */
export const faultRuleSchema = z.strictObject({
  operation: z.string().min(1),
  /** Where two services have an operation of one name. */
  service: z.string().min(1).optional(),
  fault: z.enum([
    ...["never-finishes", "insufficient-capacity", "throttled", "refused", "answer-lost", "hung"],
    "late",
  ] as const),
  /** The first of the calls, counted from when the rule is set, that it befalls. */
  nth: z.number().int().min(1).default(1),
  times: z.number().int().min(1).default(1),
  delayMs: z.number().int().min(0).max(600_000).default(5_000),
  /** Of `refused`. */
  code: z.string().min(1).default("AccessDenied"),
});

export type FaultRule = z.infer<typeof faultRuleSchema>;
export type FaultRequest = z.input<typeof faultRuleSchema>;

export interface Faults {
  /** From now on these and no others. */
  set(rules: readonly FaultRequest[]): void;
  rules(): readonly (FaultRule & { readonly seen: number })[];
  /** The rule that befalls this call, which counts it. */
  befalls(call: AwsCall): FaultRule | null;
}

export function createFaults(): Faults {
  let rules: { readonly rule: FaultRule; seen: number }[] = [];
  return {
    set: (next) => {
      rules = next.map((rule) => ({ rule: faultRuleSchema.parse(rule), seen: 0 }));
    },
    rules: () => rules.map(({ rule, seen }) => ({ ...rule, seen })),
    befalls: (call) => {
      let found: FaultRule | null = null;
      for (const counted of rules) {
        const { operation, service, nth, times } = counted.rule;
        if (operation !== call.operation || (service !== undefined && service !== call.service)) continue;
        counted.seen += 1;
        if (counted.seen >= nth && counted.seen < nth + times) found ??= counted.rule;
      }
      return found;
    },
  };
}

/** Null when the call is to be carried out. */
export function refusalOf(rule: FaultRule | null, call: AwsCall): Answer | null {
  switch (rule?.fault) {
    case "throttled":
      return errorAnswer(call, 400, "Throttling", "Rate exceeded");
    case "insufficient-capacity":
      return errorAnswer(call, 400, "InsufficientDBInstanceCapacity", "Insufficient capacity in this zone");
    case "refused":
      return errorAnswer(call, rule.code === "AccessDenied" ? 403 : 400, rule.code, "Refused by the lab");
    default:
      return null;
  }
}
