import * as z from "zod";
import type { Changeable } from "../../change-ports.ts";
import type { Target } from "../../contract/target.ts";
import type { AwsCall } from "../../text/aws-call.ts";
import { callOn, callPreview, rowFor } from "../aws-calls/call-for.ts";
import { defineOffer } from "../define.ts";
import { type AwsWorld, defineAwsAction } from "../define-aws.ts";
import { looksAgain, refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";
import { belowPeak } from "./capacity-peak.ts";
import { changes } from "./change.ts";
import { shownShape } from "./shown.ts";

const acuSchema = z.number().min(0).max(256).multipleOf(0.5);
const inputSchema = z.strictObject({
  ...shownShape,
  fromAcu: acuSchema,
  minAcu: acuSchema,
  maxAcu: acuSchema.min(1),
  /** Part of the range while its minimum is 0. */
  pauseSeconds: z.number().int().min(300).max(86_400).exactOptional(),
});
type Input = z.infer<typeof inputSchema>;

/** A21: the range in which an Aurora Serverless v2 cluster scales itself. */
export const scaleServerlessCapacityOffer = defineOffer({
  id: "scale-serverless-capacity",
  spec: ["A21", "A40"],
  title: "Change the largest capacity",
  risk: "disruptive",
  engines: ["postgres", "mysql"],
  input: inputSchema,
  undo: "The range of before by the same call, once the last 24 hours fit it.",
  preview: (input, target) => callPreview(target, callOf(input, target)),
  describes: ({ of, fromAcu, maxAcu }) =>
    `${maxAcu < fromAcu ? "Lowers" : "Raises"} the largest capacity of ${of} from ${fromAcu} to ${maxAcu} ACU`,
  key: ({ of, minAcu, maxAcu }) => `scale-serverless-capacity ${of} ${minAcu} ${maxAcu}`,
});

export const scaleServerlessCapacity = /* @__PURE__ */ defineAwsAction(
  scaleServerlessCapacityOffer,
  /* @__PURE__ */ changes({
    purpose: () => "scale-capacity",
    calls: ["ModifyDBCluster"],
    longestSeconds: 1800,
    call: callOf,
    wanted: ({ minAcu, maxAcu }) => ({ MinCapacity: minAcu, MaxCapacity: maxAcu }),
    back: ({ of, resourceId, fromAcu, minAcu, maxAcu, pauseSeconds }) => ({
      actionId: "scale-serverless-capacity",
      input: {
        ...{ of, resourceId, fromAcu: maxAcu, minAcu, maxAcu: fromAcu },
        ...(pauseSeconds === undefined ? {} : { pauseSeconds }),
      },
    }),
    check,
  }),
);

function callOf({ minAcu, maxAcu, pauseSeconds }: Input, target: Target): AwsCall | string {
  const found = rowFor(target, "scale-capacity");
  if (found.is === "none") return found.because;
  const pause = pauseSeconds === undefined ? {} : { SecondsUntilAutoPause: pauseSeconds };
  return callOn(found, {
    ServerlessV2ScalingConfiguration: { MinCapacity: minAcu, MaxCapacity: maxAcu, ...pause },
    ApplyImmediately: true,
  });
}

async function check(world: AwsWorld, input: Input, state: Changeable): Promise<Check | null> {
  const { has } = state;
  const { of, fromAcu, maxAcu } = input;
  const now = has["MaxCapacity"];
  if (now !== fromAcu) {
    return refuse(
      "state-changed",
      `The largest capacity of ${of} is ${now ?? "not told"} by now, not ${fromAcu} ACU.`,
      looksAgain,
    );
  }
  const other = otherThanSeen(input, has);
  if (other !== null) return other;
  if (maxAcu > fromAcu) return null;
  if (maxAcu === fromAcu) return refuse("never-down", `${maxAcu} ACU is what ${of} has.`, looksAgain);
  return belowPeak(world, input, state);
}

/** The smallest goes along as it was seen, and the pause where there is one: the call would set them back to that. */
function otherThanSeen(
  { of, minAcu, pauseSeconds }: Input,
  { MinCapacity: min, SecondsUntilAutoPause: pause }: Changeable["has"],
): Check | null {
  if (min !== minAcu) {
    const says = `The smallest capacity of ${of} is ${min ?? "not told"} by now, not ${minAcu} ACU.`;
    return refuse("state-changed", says, looksAgain);
  }
  if (minAcu > 0 || pause === pauseSeconds) return null;
  return refuse(
    "state-changed",
    `${of} pauses after ${pause ?? "no time that was told"} s by now, not ${pauseSeconds ?? "as was seen"}.`,
    looksAgain,
  );
}
