import { isIP, type Socket } from "node:net";

/** How far a connection attempt came before the server said a word. What follows is the protocol's. */
export type Reached = "resolving" | "connecting" | "greeting";

/** Tells each step as the socket sees it; an address needs no name resolution. */
export function followSocket(socket: Socket, host: string, reach: (step: Reached) => void): void {
  reach(isIP(host) ? "connecting" : "resolving");
  socket.once("lookup", (error: Error | null) => {
    if (!error) reach("connecting");
  });
  socket.once("connect", () => reach("greeting"));
}
