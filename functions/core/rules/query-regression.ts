import { isPlan, slowdownsOf } from "../diagnosis/slowdown.ts";
import { slowdownDraft } from "../diagnosis/slowdown-draft.ts";
import { statementProbes } from "../diagnosis/statements.ts";
import { defineRule } from "./define.ts";

/** From one look: slower than its own mean since the reset. The history that would prove it is SPEC H2's. */
export const queryRegression = defineRule({
  id: "query-regression",
  spec: ["D4"],
  category: "configuration",
  title: "A statement is slower than it used to be",
  needs: [...statementProbes],
  evaluate: (view) =>
    slowdownsOf(view)
      .filter((slowdown) => !isPlan(slowdown))
      .map((slowdown) => slowdownDraft(view, slowdown, 0.3)),
});
