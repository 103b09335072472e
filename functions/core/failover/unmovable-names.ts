import { AwsError } from "../errors.ts";
import type { Names } from "./ports.ts";

/** Where nothing moves names: each is refused in words, with the command for a person beside it. */
export const unmovableNames: Names = {
  read: () => Promise.reject(refused()),
  point: () => Promise.reject(refused()),
};

function refused(): AwsError {
  return new AwsError("NotSupported", true, "names are not moved from here");
}
