import type { Socket } from "node:net";
import { SqlError } from "../../core/errors.ts";

/** How much longer than the server's own limit an answer may take: beyond that the way back is broken. */
export const networkGraceMs = 1000;

const closeMs = 300;

/** Says goodbye, and hangs up when the server does not hear it. */
export async function closeSocket(socket: Socket, goodbye: () => Promise<void>): Promise<void> {
  const giveUp = setTimeout(() => socket.destroy(), closeMs);
  // A connection that is gone already is closed: nothing is left to report.
  await goodbye().catch(() => undefined);
  clearTimeout(giveUp);
  socket.destroy();
}

/** For a statement on a connection that has gone. */
export function closed(): SqlError {
  return new SqlError("connection-lost", "driver", "the connection is closed");
}

/** For a statement that outlived its deadline. */
export function tooLate(): SqlError {
  return new SqlError("timeout", "deadline", "no answer before the deadline; the connection was dropped");
}
