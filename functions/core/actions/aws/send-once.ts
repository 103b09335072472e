import type { AwsCall } from "../../text/aws-call.ts";
import type { AwsWorld } from "../define-aws.ts";
import { looksAgain } from "../signals/refuse.ts";
import type { Run } from "../steps.ts";
import { triedBefore } from "./guards.ts";
import { sendCall } from "./send-call.ts";

/** How what comes of a call is told. */
interface Words {
  readonly taken: string;
  /** Of what may have been taken: what is looked for. */
  readonly lookedFor: string;
  /** Of an order whose time is over. */
  readonly nothingThere: string;
}

/** What was begun, followed for so long. */
export function began(
  { clock }: AwsWorld,
  longestSeconds: number,
  says: string,
): Extract<Run, { kind: "began" }> {
  const until = new Date(clock.now() + longestSeconds * 1000).toISOString();
  return { kind: "began", says, until, handle: {} };
}

/** Sends a call whose effect is named by itself, so that a second one changes nothing. */
export async function sendOnce(
  world: AwsWorld,
  call: AwsCall | string,
  longestSeconds: number,
  { taken, lookedFor, nothingThere }: Words,
): Promise<Run> {
  if (typeof call === "string" || world.onlyLook) {
    return {
      kind: "refuse",
      guard: world.onlyLook ? "order-expired" : "no-such-call",
      reason:
        typeof call === "string"
          ? `There is no such call: ${call}.`
          : `The order's time is over, and ${nothingThere}.`,
      release: looksAgain,
    };
  }
  const sent = await sendCall(world, call);
  switch (sent.is) {
    case "taken":
      return began(world, longestSeconds, taken);
    case "already":
    case "not-known":
      return began(world, longestSeconds, `${sent.says} ${lookedFor}`);
    case "refused":
      // Perhaps because of what an earlier attempt has sent.
      if (world.repeated) return began(world, longestSeconds, `${sent.reason} ${triedBefore} ${lookedFor}`);
      return { kind: "refuse", guard: sent.guard, reason: sent.reason, release: sent.release };
    default:
      return sent satisfies never;
  }
}
