import { isPlan, slowdownsOf } from "../../facts/slowdown.ts";
import { statementProbes } from "../../facts/statements.ts";
import { defineRule } from "../define.ts";
import { compiledDrafts } from "./jit-draft.ts";
import { slowdownDraft } from "./slowdown-draft.ts";

/** From one look: the same rows by more work. The history that would prove it is SPEC H2's. */
export const planRegression = defineRule({
  id: "plan-regression",
  spec: ["D4"],
  category: "queries",
  title: "A statement is planned worse than before",
  needs: [...statementProbes, "postgres-plans"],
  evaluate: (view) => {
    const compiled = compiledDrafts(view);
    const told = new Set(compiled.map(({ subject }) => subject));
    const slowed = slowdownsOf(view).filter(
      (slowdown) => isPlan(slowdown) && !told.has(slowdown.statement.key),
    );
    return [...compiled, ...slowed.map((slowdown) => slowdownDraft(view, slowdown, 0.45))];
  },
});
