import type { Target } from "../contract/target.ts";
import type { Refusal } from "../contract/work-order.ts";

/**
 * Without it nothing of a database is changed on AWS: the role of the function that does it is permitted to touch
 * resources with this tag alone.
 */
export const changeTag = { key: "rds-responder:change", value: "allowed" } as const;

/** Said before a person is asked: IAM would refuse it after the click. Of a cluster it is the cluster that needs it. */
export function notOptedIn({ name, tags }: Pick<Target, "name" | "tags">): Refusal | null {
  const { key, value } = changeTag;
  if (tags[key] === value) return null;
  return {
    guard: "not-opted-in",
    reason: `Nothing of ${name} may be changed on AWS: it has no tag ${key}=${value}.`,
    release:
      "Whoever owns it adds the tag (to the instance, its cluster or its parameter group, whichever is changed); or a person runs the call that is shown.",
  };
}
