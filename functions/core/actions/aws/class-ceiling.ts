import { sizeUnitsOf } from "../aws-calls/class-sizes.ts";
import type { AwsWorld } from "../define-aws.ts";
import { refuse } from "../signals/refuse.ts";
import type { Check } from "../steps.ts";

/** Null: policy allows as large a class. */
export function aboveCeiling({ guards }: Pick<AwsWorld, "guards">, to: string): Check | null {
  const ceiling = guards.maxInstanceClass ?? null;
  if (ceiling === null) return null;
  const [most, wanted] = [sizeUnitsOf(ceiling), sizeUnitsOf(to)];
  if (most !== null && wanted !== null && wanted <= most) return null;
  return refuse(
    "class-ceiling",
    `${to} ${wanted === null ? "cannot be compared with" : "is larger than"} ${ceiling}, the largest that policy.maxInstanceClass allows.`,
    "Whoever owns the settings raises policy.maxInstanceClass, or a person runs the call that is shown.",
  );
}
