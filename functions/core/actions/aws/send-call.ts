import type { Refusal } from "../../contract/work-order.ts";
import { AwsError } from "../../errors.ts";
import { type AwsCall, stepText } from "../../text/aws-call.ts";
import { answerFor } from "../aws-calls/answers.ts";
import type { AwsWorld } from "../define-aws.ts";
import { sentNote } from "../sent.ts";

export type Sent =
  | { readonly is: "taken" }
  /** No answer, or one that does not say no: it may have been carried out. */
  | { readonly is: "not-known"; readonly says: string }
  | { readonly is: "already"; readonly says: string }
  | ({ readonly is: "refused"; readonly code: string } & Refusal);

/** One call, once. What AWS answers is an outcome; only a fault of this program is thrown. */
export async function sendCall(world: AwsWorld, call: AwsCall): Promise<Sent> {
  world.note(sentNote(stepText(call, world.target.region)));
  try {
    await world.rds.send(call, world.signal);
    return { is: "taken" };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return told(error);
  }
}

function told({ code, refused, message }: AwsError): Sent {
  if (!refused) {
    return {
      is: "not-known",
      says: `No answer came to the call (${code}: ${message}): it may have been taken.`,
    };
  }
  const answer = answerFor(code);
  const words = `${answer?.says ?? "RDS said no, for a reason that is not known here."} (${code}: ${message})`;
  const { class: kind } = answer ?? { class: "person" as const };
  switch (kind) {
    case "already":
      return { is: "already", says: words };
    case "retry":
      return {
        ...{ is: "refused", code },
        guard: "rds-not-now",
        reason: words,
        release: "Lifts by itself: it is tried again at a later look.",
      };
    case "other":
      return {
        ...{ is: "refused", code },
        guard: "rds-not-available",
        reason: words,
        release: "A person chooses another class, type or zone; the call that is shown is where to begin.",
      };
    case "person":
      return {
        ...{ is: "refused", code },
        guard: "rds-refused",
        reason: words,
        release: "A person puts right what RDS names, and then runs the call that is shown.",
      };
    default:
      return kind satisfies never;
  }
}
