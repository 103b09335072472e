import { inboxOfEitherSide } from "../faults/inbox-of-either-side.ts";

export const scenario = inboxOfEitherSide("mysql");
