import type { Target } from "../../contract/target.ts";
import { duration } from "../../text/wording.ts";
import { defineDatabaseAction, defineOffer } from "../define.ts";
import { checkEach, endEach } from "../sessions/end-each.ts";
import { type Everyone, everyoneSchema, everySession } from "../sessions/session-group.ts";
import { postgresSignalGrants } from "../signals/signal-grants.ts";
import { withLiterals } from "../with-literals.ts";

/**
 * A4: the emergency in which nothing else helps. Whoever the guards protect stays. MySQL and MariaDB do not tell since
 * when a connection is there: on them it would end who has just come.
 */
export const endSessionsOffer = defineOffer({
  id: "end-sessions",
  spec: ["A4", "A40"],
  title: "End all sessions that are not essential",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres"],
  input: everyoneSchema,
  undo: null,
  preview,
  describes: ({ overSeconds, most }) =>
    `Ends up to ${most} sessions, whatever they do, that have been there for over ${duration(overSeconds)}; protected ones, administrators and replication stay`,
  key: ({ overSeconds, most }) => `end-sessions ${overSeconds} ${most}`,
});

function preview(everyone: Everyone, target: Target): string {
  return `${withLiterals(everySession(everyone), target.engine)};
-- Then up to ${everyone.most} of them that the guards let pass, as terminate-session does it: named again in the statement that ends it.`;
}

export const endSessions = /* @__PURE__ */ defineDatabaseAction(endSessionsOffer, {
  grants: postgresSignalGrants,
  preCheck: (world, input) => checkEach(world, everySession(input), input.most),
  run: (world, input) => endEach(world, everySession(input), input.most),
  verify: async () => ({ kind: "not-verified", says: "Whether they are gone was not looked for." }),
});
