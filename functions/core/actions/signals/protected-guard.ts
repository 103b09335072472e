import type { GuardSettings } from "../../contract/work-order.ts";
import { isMeantBy } from "../../text/name-pattern.ts";
import type { Check } from "../steps.ts";
import { refuse } from "./refuse.ts";
import type { SessionTarget } from "./session-target.ts";
import type { Victim } from "./victim.ts";

interface Listed {
  readonly name: string;
  readonly entry: string;
}

/**
 * What was seen and what is now are both checked: either of them being protected is enough. The acting statement
 * names the user, and on PostgreSQL the application, so that neither changes in between.
 */
export function protectedCheck(victim: Victim, input: SessionTarget, guards: GuardSettings): Check | null {
  const user = protectedUser([victim.user, input.user], guards);
  if (user !== null) return user;
  const application = listed([victim.application, input.application], guards.protectedApplications);
  if (application !== null) {
    const release = releaseOf("protectedApplications", application.entry);
    return refuse("protected-application", `Application ${application.name} is protected.`, release);
  }
  return protectedText(victim.query, guards);
}

export function protectedUser(names: readonly (string | null)[], guards: GuardSettings): Check | null {
  const user = listed(names, guards.protectedUsers);
  if (user === null) return null;
  const release = releaseOf("protectedUsers", user.entry);
  return refuse("protected-user", `User ${user.name} is protected.`, release);
}

export function protectedText(query: string | null, guards: GuardSettings): Check | null {
  if (query === null) return null;
  if (query.toLowerCase().includes(guards.optOutComment.toLowerCase())) {
    return refuse(
      "opt-out-comment",
      `The statement carries the comment ${guards.optOutComment}.`,
      "Whoever owns the statement removes the comment, or a person acts.",
    );
  }
  // What mysqldump writes into every SELECT, seen even where connection attributes are not recorded.
  if (
    query.includes("/*!40001 SQL_NO_CACHE */") &&
    listed(["mysqldump"], guards.protectedApplications) !== null
  ) {
    const release = releaseOf("protectedApplications", "mysqldump");
    return refuse("protected-application", "The statement is one that mysqldump sends.", release);
  }
  const pattern = guards.protectedQueries.find((source) => matches(source, query));
  if (pattern === undefined) return null;
  return refuse(
    "protected-query",
    `The statement matches the protected pattern ${pattern}.`,
    releaseOf("protectedQueries", pattern),
  );
}

function releaseOf(setting: string, entry: string): string {
  return `Whoever owns the settings removes ${JSON.stringify(entry)} from policy.${setting}, or a person acts.`;
}

/** The first of the names that an entry means, with that entry. */
function listed(names: readonly (string | null)[], list: readonly string[]): Listed | null {
  for (const name of names) {
    const entry = name === null ? undefined : list.find((pattern) => isMeantBy(pattern, name));
    if (name !== null && entry !== undefined) return { name, entry };
  }
  return null;
}

/** A pattern that is not a regular expression protects everything: what it was to protect is not known. */
function matches(source: string, query: string): boolean {
  try {
    return new RegExp(source, "i").test(query);
  } catch {
    return true;
  }
}
