import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { protectedName } from "../facts/protected.ts";
import type { View } from "../facts/view.ts";
import { compare } from "../text/compare.ts";
import { postgresIdentifier } from "../text/sql-names.ts";

const limit = "60s";

/** A6, for the role that an application signs in with: whom to limit must be known, or there is no statement. */
export function setPostgresLimit(
  view: View,
  { name, what }: { readonly name: string; readonly what: string },
): readonly ProposedAction[] {
  const role = busiestRole(view);
  if (role === null) return [];
  return [
    proposeManual({
      id: "set-timeouts",
      spec: ["A6"],
      risk: "disruptive",
      preview: `ALTER ROLE ${postgresIdentifier(role)} SET ${name} = '${limit}'`,
      describes: `a limit of ${limit} for ${what} of role ${role}`,
      consequence: `New sessions only. What takes longer on purpose fails: exempt the roles of reports and maintenance. From PostgreSQL 16 on it takes who made the role, or was given ADMIN on it. Undo: ALTER ROLE ${postgresIdentifier(role)} RESET ${name}`,
    }),
  ];
}

/** The role with the most connections that nobody protects. */
function busiestRole({ connections, policy }: View): string | null {
  const counts = new Map<string, number>();
  for (const { user, count } of connections ?? []) {
    if (user === null || protectedName("user", user, policy.protectedUsers) !== null) continue;
    counts.set(user, (counts.get(user) ?? 0) + count);
  }
  const [first] = [...counts].toSorted(([a, m], [b, n]) => n - m || compare(a, b));
  return first?.[0] ?? null;
}
