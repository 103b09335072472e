import { isPlan, slowdownsOf } from "../../facts/slowdown.ts";
import { statementProbes } from "../../facts/statements.ts";
import { defineRule } from "../define.ts";
import { slowdownDraft } from "../queries/slowdown-draft.ts";

/** From one look: slower than its own mean since the reset. The history that would prove it is SPEC H2's. */
export const queryRegression = defineRule({
  id: "query-regression",
  spec: ["D4"],
  category: "configuration",
  nature: "acute",
  title: "A statement is slower than it used to be",
  needs: [...statementProbes],
  evaluate: (view) =>
    slowdownsOf(view)
      .filter((slowdown) => !isPlan(slowdown))
      .map((slowdown) => slowdownDraft(view, slowdown, 0.3)),
});
