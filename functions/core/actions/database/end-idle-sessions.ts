import type { Target } from "../../contract/target.ts";
import { duration } from "../../text/wording.ts";
import { defineDatabaseAction, defineOffer } from "../define.ts";
import { checkEach, endEach } from "../sessions/end-each.ts";
import { type IdleGroup, idleGroupSchema, idleSessions } from "../sessions/session-group.ts";
import { signalGrants } from "../signals/signal-grants.ts";
import { withLiterals } from "../with-literals.ts";

/** A3: of one application, those that have idled for long. */
export const endIdleSessionsOffer = defineOffer({
  id: "end-idle-sessions",
  spec: ["A3", "A40"],
  title: "End the idle sessions of one application",
  risk: "disruptive",
  asksAlways: true,
  engines: ["postgres", "mysql", "mariadb"],
  input: idleGroupSchema,
  undo: null,
  preview,
  describes: ({ user, application, client, state, overSeconds, most }) =>
    `Ends up to ${most} sessions of ${application === null ? "" : `${application}, `}user ${user}${client == null ? "" : ` from ${client}`}, ${state.replaceAll("-", " ")} for over ${duration(overSeconds)}`,
  key: ({ user, application, client, state, overSeconds, most }) =>
    `end-idle-sessions ${JSON.stringify([user, application, client ?? null, state, overSeconds, most])}`,
});

/** Who they are is asked when it is done: whoever has worked on since is none of them. */
function preview(group: IdleGroup, target: Target): string {
  return `${withLiterals(idleSessions(group, target), target.engine)};
-- Then up to ${group.most} of them that the guards let pass, as terminate-session does it: named again in the statement that ends it.`;
}

export const endIdleSessions = /* @__PURE__ */ defineDatabaseAction(endIdleSessionsOffer, {
  grants: signalGrants,
  preCheck: (world, input) => checkEach(world, idleSessions(input, world.target), input.most),
  run: (world, input) => endEach(world, idleSessions(input, world.target), input.most),
  verify: async () => ({ kind: "not-verified", says: "Whether they are gone was not looked for." }),
});
