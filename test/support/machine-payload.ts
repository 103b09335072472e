import * as z from "zod";

type StateHandler = (input: unknown) => Promise<unknown>;

/** What a function gets: the whole parameters, or their payload where the machine wraps it. */
export function payloadOf(parameters: unknown): object {
  if (typeof parameters !== "object" || parameters === null) return {};
  const payload = "Payload" in parameters ? parameters.Payload : parameters;
  return typeof payload === "object" && payload !== null ? payload : {};
}

const actedOnSchema = z.looseObject({ order: z.looseObject({ orderId: z.string() }) });

/** The emulator's context object does not move; on AWS State.RetryCount counts the calls of one state. */
export function withRetries(handler: StateHandler): StateHandler {
  const calls = new Map<string, number>();
  return async (input) => {
    const acted = actedOnSchema.parse(payloadOf(input));
    const retries = calls.get(acted.order.orderId) ?? 0;
    calls.set(acted.order.orderId, retries + 1);
    return handler({ ...acted, retries });
  };
}
