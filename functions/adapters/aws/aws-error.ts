import { AwsError, messageOf } from "../../core/errors.ts";

/** What the SDK threw as one error: by its name in the model, and whether AWS said no, or nobody knows. */
export async function answered<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw asAwsError(error);
  }
}

function asAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof AwsError) return error;
  const message = (messageOf(error).split("\n")[0] ?? "").slice(0, 300);
  // A fault of the server may have come after the call was carried out; so may an answer that cannot be read.
  const refused = "$fault" in error && error.$fault === "client";
  return new AwsError(error.name, refused, message, { cause: error });
}
