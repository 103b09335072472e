import type { Stage } from "../stage.ts";
import { keepRunning } from "./keep-running.ts";

/** One session repeats `work` and rests between; a database that is all but idle. */
export function nowAndThen<Session>(
  stage: Stage,
  session: Session,
  work: (session: Session, turn: number) => Promise<unknown>,
): Promise<void> {
  return keepRunning(stage, [session], 8, async (client, turn) => {
    await work(client, turn);
    await new Promise((resolve) => setTimeout(resolve, 400));
  });
}
