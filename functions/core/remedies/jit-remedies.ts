import { proposeManual } from "../actions/propose.ts";
import type { ProposedAction } from "../contract/finding.ts";
import { quoteName } from "../text/sql-names.ts";

/** https://www.postgresql.org/docs/current/jit-decision.html */
export function withoutJit(user: string | null): readonly ProposedAction[] {
  if (user === null) return [];
  const role = quoteName(user);
  return [
    proposeManual({
      id: "change-parameter",
      spec: ["A24"],
      risk: "safe",
      preview: `ALTER ROLE ${role} SET jit = off`,
      describes: `no longer compiles statements of ${user}`,
      consequence: `New sessions only. Reports that run for long may lose a little; then raise jit_above_cost in place of it. From PostgreSQL 16 on it takes who made the role, or was given ADMIN on it. Undo: ALTER ROLE ${role} RESET jit.`,
    }),
  ];
}
