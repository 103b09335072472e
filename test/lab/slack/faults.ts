import type { ServerResponse } from "node:http";

/** What can be wrong with Slack. `times` limits it to the next so many calls. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "429"; readonly retryAfterSeconds?: number; readonly times?: number }
  | { readonly kind: "500"; readonly times?: number }
  /** Does what it was asked, and answers only then: the caller cannot know. */
  | { readonly kind: "slow"; readonly delayMs: number; readonly times?: number }
  /** Takes connections and drops them. */
  | { readonly kind: "down"; readonly times?: number };

export interface FaultSwitch {
  set(fault: Fault): void;
  /** The fault that the next call meets; counts it. */
  next(): Fault;
}

export function createFaultSwitch(): FaultSwitch {
  let fault: Fault = { kind: "none" };
  let left = Number.POSITIVE_INFINITY;
  return {
    set(next) {
      fault = next;
      left = next.kind === "none" ? 0 : (next.times ?? Number.POSITIVE_INFINITY);
    },
    next() {
      if (fault.kind === "none" || left <= 0) return { kind: "none" };
      left -= 1;
      return fault;
    },
  };
}

/** Answers the call instead of Slack; false when the call goes on. */
export function answerFault(fault: Fault, response: ServerResponse): boolean {
  switch (fault.kind) {
    case "429":
      response.writeHead(429, { "retry-after": String(fault.retryAfterSeconds ?? 1) }).end();
      return true;
    case "500":
      response.writeHead(500, { "content-type": "text/html" }).end("<h1>Server Error</h1>");
      return true;
    case "down":
      response.socket?.destroy();
      return true;
    case "none":
    case "slow":
      return false;
    default:
      return fault satisfies never;
  }
}
