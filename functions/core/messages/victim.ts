import { sessionTargetSchema } from "../actions/signals/session-target.ts";
import type { ProposedAction } from "../contract/finding.ts";
import type { MessageSection } from "../contract/message.ts";
import { visibleLine } from "../text/visible.ts";
import { countText, duration } from "../text/wording.ts";
import { code, type Field, fields } from "./sections.ts";

/** SPEC A40: user, application, age, statement and written rows of the session that an action would hit. */
export function victimSections(proposal: ProposedAction): readonly MessageSection[] {
  const parsed = sessionTargetSchema.safeParse(proposal.input);
  if (!parsed.success) return [];
  const victim = parsed.data;
  const age = victim.seenTransactionSeconds;
  const known: Field[] = [
    { label: "Session", value: `${victim.sessionId}, ${victim.state.replaceAll("-", " ")}` },
    { label: "Application", value: name(victim.application) || "not named" },
    { label: "User", value: name(victim.user) || "not known" },
    { label: "Client", value: name(victim.client) || "not known" },
    { label: "Transaction open for", value: age === null ? "not known" : duration(age) },
    {
      label: "Rows written",
      value: victim.rowsModified === null ? "not known" : countText(victim.rowsModified, "row"),
    },
  ];
  const title = victim.state.startsWith("idle") ? "Its last statement" : "Its statement";
  return victim.query === null ? [fields(...known)] : [fields(...known), code(title, victim.query)];
}

/** A name is one line: what follows a line break in it would read as another field of the card. */
function name(given: string | null | undefined): string {
  return visibleLine(given ?? "");
}
