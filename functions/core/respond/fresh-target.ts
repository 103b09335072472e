import type { Target } from "../contract/target.ts";
import type { Refusal } from "../contract/work-order.ts";
import type { Located } from "../contract/workflow.ts";

/** Read in the state before; older than this it is no reading of now. */
const goodMs = 120_000;

type FreshTarget =
  | { readonly kind: "read"; readonly target: Target }
  | { readonly kind: "unread"; readonly refusal: Refusal };

/** The database as it is just before acting, with the tags that say what may be done to it. What is not read means observe. */
export function freshTarget(located: Located | null, database: string, now: number): FreshTarget {
  const why = whyUnread(located, database, now);
  if (why === null && located !== null && located.target !== null) {
    return { kind: "read", target: located.target };
  }
  return {
    kind: "unread",
    refusal: {
      guard: "tags-unread",
      reason: `The tags of ${database} could not be read just now (${why ?? "no answer"}), and what cannot be read means observe.`,
      release: "Lifts by itself as soon as RDS tells them again.",
    },
  };
}

function whyUnread(located: Located | null, database: string, now: number): string | null {
  if (located === null) return "the function that reads them failed";
  if (located.target === null) return located.reason ?? "no reason given";
  if (located.target.name !== database) return `RDS answered about ${located.target.name}`;
  return now - Date.parse(located.at) > goodMs ? `they were read at ${located.at}` : null;
}
