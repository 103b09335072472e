import { createHash } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../../core/errors.ts";
import type { ScheduleName, ScheduleState, Schedules } from "../../core/schedule-ports.ts";
import { ownCredentials } from "./sign-request.ts";
import { answerTo, type Call, type Caller } from "./signed-call.ts";

/** Credentials left out are the SDK's own: the function's role, or the person at the command line. */
export type EventBridgeProps = Omit<Caller, "credentials" | "attemptMs"> &
  Partial<Pick<Caller, "credentials" | "attemptMs">>;

/** As JSON: a schedule is written anew with all that it had, also with what nobody here knows. */
type Json = Readonly<Record<string, z.core.util.JSONType>>;
const jsonSchema = z.record(z.string(), z.json());

const ruleSchema = z.object({
  State: z.string(),
  ScheduleExpression: z.string().nullish(),
  ManagedBy: z.string().nullish(),
});
const scheduleSchema = z.object({
  State: z.string(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().nullish(),
  StartDate: z.number().nullish(),
  EndDate: z.number().nullish(),
  Target: z.object({ RoleArn: z.string() }),
});

/** Rules and schedules by the two APIs of EventBridge. Their clients are not bundled for four calls. */
export function createEventBridgeSchedules(props: EventBridgeProps): Schedules {
  const caller = { credentials: ownCredentials(props.region), attemptMs: 5000, ...props };
  const send = (request: Call, signal: AbortSignal | undefined) => sent(caller, request, signal);
  const read = async (of: ScheduleName, signal?: AbortSignal): Promise<Json | null> => {
    try {
      return await send(of.kind === "rule" ? ruleCall("DescribeRule", of) : scheduleCall(of), signal);
    } catch (error) {
      if (error instanceof AwsError && error.code === "ResourceNotFoundException") return null;
      throw error;
    }
  };
  return {
    look: async (of, signal) => {
      const found = await read(of, signal);
      return found === null ? null : stateOf(of, found);
    },
    turn: async (of, { on, mark }, signal) => {
      const found = await read(of, signal);
      if (found === null || markOf(found) !== mark) return "changed";
      if (of.kind === "rule") {
        await send(ruleCall(on ? "EnableRule" : "DisableRule", of), signal);
        return "sent";
      }
      const { Arn: _arn, Name: _name, CreationDate: _made, LastModificationDate: _changed, ...kept } = found;
      const given = Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== null));
      await send(scheduleCall(of, { ...given, State: on ? "ENABLED" : "DISABLED" }), signal);
      return "sent";
    },
  };
}

function stateOf({ kind }: ScheduleName, found: Json): ScheduleState {
  const mark = markOf(found);
  if (kind === "rule") {
    const { State: state, ScheduleExpression, ManagedBy } = ruleSchema.parse(found);
    const expression = ScheduleExpression ?? null;
    const managedBy = ManagedBy ?? null;
    return {
      state,
      expression,
      managedBy,
      mark,
      timezone: null,
      startsAt: null,
      endsAt: null,
      roleArn: null,
    };
  }
  const { State: state, ScheduleExpression: expression, Target, ...more } = scheduleSchema.parse(found);
  return {
    ...{ state, expression, mark, managedBy: null, roleArn: Target.RoleArn },
    timezone: more.ScheduleExpressionTimezone ?? null,
    startsAt: millis(more.StartDate),
    endsAt: millis(more.EndDate),
  };
}

/** Scheduler tells seconds. */
function millis(seconds: number | null | undefined): number | null {
  return seconds == null ? null : seconds * 1000;
}

function markOf({ State: _state, LastModificationDate: _changed, ...rest }: Json): string {
  return createHash("sha256")
    .update(JSON.stringify(inOrder(rest)))
    .digest("hex")
    .slice(0, 32);
}

/** In whatever order an answer has its fields, it is the same. */
function inOrder(value: z.core.util.JSONType): z.core.util.JSONType {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== "object") return value;
  const sorted = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, one]) => [name, inOrder(one)]));
}

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html */
function ruleCall(
  operation: "DescribeRule" | "DisableRule" | "EnableRule",
  { name, group }: ScheduleName,
): Call {
  return {
    ...{ method: "POST", service: "events", path: "/" },
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `AWSEvents.${operation}` },
    body: JSON.stringify({ Name: name, EventBusName: group }),
  };
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html */
function scheduleCall({ name, group }: ScheduleName, update?: Json): Call {
  const path = `/schedules/${encodeURIComponent(name)}`;
  const headers = { "content-type": "application/json" };
  return update === undefined
    ? {
        method: "GET",
        service: "scheduler",
        path: `${path}?groupName=${encodeURIComponent(group)}`,
        headers,
        body: "",
      }
    : {
        method: "PUT",
        service: "scheduler",
        path,
        headers,
        body: JSON.stringify({ ...update, GroupName: group }),
      };
}

async function sent(caller: Caller, call: Call, signal: AbortSignal | undefined): Promise<Json> {
  const { status, headers, text } = await answerTo(caller, call, signal);
  const answer = jsonSchema.safeParse(parsed(text));
  if (status >= 300) throw refusalOf(status, headers.get("x-amzn-errortype"), answer.data ?? {});
  if (!answer.success) throw new AwsError("UnreadableAnswer", false, "its answer is no JSON");
  return answer.data;
}

/**
 * A fault of the server may have come after the call was carried out. Scheduler names the error in a header, EventBridge in
 * the body. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
 */
function refusalOf(status: number, type: string | null, { __type, message, Message }: Json): AwsError {
  const name = /(?:^|#)([\w.]+)(?::|$)/.exec(String(type ?? __type ?? ""))?.[1] ?? `HTTP ${status}`;
  return new AwsError(name, status < 500, String(message ?? Message ?? "").slice(0, 300));
}

function parsed(text: string): unknown {
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
