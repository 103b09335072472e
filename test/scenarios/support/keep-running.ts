import { waitUntil } from "../../lab/engines/sql.ts";
import type { Stage } from "../stage.ts";

/**
 * Each session repeats `work` until the stage closes. Resolves when the statements were run `turns` times in all, so
 * that the server's statistics know them.
 */
export async function keepRunning<Session>(
  stage: Stage,
  sessions: readonly Session[],
  turns: number,
  work: (session: Session, turn: number) => Promise<unknown>,
): Promise<void> {
  let running = true;
  let done = 0;
  const loops = sessions.map(async (session, index) => {
    for (let turn = index; running; turn += sessions.length) {
      await work(session, turn);
      done += 1;
    }
  });
  for (const loop of loops) stage.leave(loop);
  stage.cleanUp(async () => {
    running = false;
    await Promise.allSettled(loops);
  });
  await waitUntil(async () => done >= turns, { what: `${turns} turns of the workload`, timeoutMs: 60_000 });
}
