import type { Socket } from "node:net";
import { SqlError } from "../../core/errors.ts";
import { before, within } from "./before.ts";

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

const goesOn = new Error("it goes on in the server");

/** Waits so long, and then hangs up without a word: a server that is at work does not hear it. */
export async function begun(
  work: () => Promise<unknown>,
  {
    socket,
    waitMs,
    signal,
  }: { readonly socket: Socket; readonly waitMs: number; readonly signal?: AbortSignal },
): Promise<"ended" | "goes-on"> {
  if (socket.destroyed) throw closed();
  if (signal?.aborted) throw tooLate();
  const drop = (): void => {
    socket.destroy();
  };
  try {
    await before(within(waitMs, signal), work, { drop, late: () => goesOn });
    return "ended";
  } catch (error) {
    if (error === goesOn) return "goes-on";
    throw error;
  }
}
