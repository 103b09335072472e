import { connect, createServer, type Socket } from "node:net";
import { ownMarker } from "../../../functions/core/text/own-marker.ts";
import { onFreePort } from "../engines/free-port.ts";

/** What becomes of a statement and of the connection that brought it. */
export interface Break {
  /** Whether the server gets it. */
  readonly forwards: boolean;
  /** How much of the server's answer the client gets. */
  readonly answer: "none" | "half" | "whole";
  /** A reset, an end, or nothing more is heard. */
  readonly ends: "reset" | "end" | "silence";
}

/** What becomes of whoever connects. `half-greeted`: the server's first word is cut in two. */
export type Door = "open" | "refused" | "mute" | "hung-up" | "half-greeted";

/**
 * A way to a database that breaks at one statement of the responder's, which microburst's wire modes cannot do: they act
 * before a statement is passed on, and MySQL 9 does not sign in a second time through them.
 */
export interface BreakingWay {
  readonly port: number;
  /** From now on the first statement that fits breaks. Resolves when that has come about, the server's answer included. */
  breakAt(statement: RegExp, how: Break): Promise<void>;
  door(now: Door): Promise<void>;
  /** How many statements that fit have reached the server since breakAt. */
  reached(): number;
  stop(): Promise<void>;
}

interface Armed {
  readonly statement: RegExp;
  readonly how: Break;
  readonly struck: () => void;
  spent: boolean;
  reached: number;
}

export async function startBreakingWay(target: number): Promise<BreakingWay> {
  let armed: Armed | null = null;
  let now: Door = "open";
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    clients.add(client);
    client.on("error", () => undefined).on("close", () => clients.delete(client));
    if (now === "mute") return;
    if (now === "hung-up") client.resetAndDestroy();
    else pass(client, target, now === "half-greeted" ? halfGreeting : () => armed);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen({ port, host: "127.0.0.1" }, () => resolve());
    });
  const close = () =>
    new Promise<void>((resolve) => {
      for (const client of clients) client.destroy();
      server.close(() => resolve());
    });
  const port = await onFreePort(async (free) => listen(free).then(() => free));
  return {
    port,
    breakAt: (statement, how) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      armed = { statement, how, struck: resolve, spent: false, reached: 0 };
      return promise;
    },
    door: async (next) => {
      if (next === "refused") await close();
      else if (!server.listening) await listen(port);
      now = next;
    },
    reached: () => armed?.reached ?? 0,
    stop: async () => {
      if (server.listening) await close();
    },
  };
}

const halfGreeting = (): Armed => ({
  ...{ statement: /^/, spent: false, reached: 0, struck: () => undefined },
  how: { forwards: true, answer: "half", ends: "end" },
});

function pass(client: Socket, target: number, armedNow: () => Armed | null): void {
  const upstream = connect({ host: "127.0.0.1", port: target, noDelay: true, allowHalfOpen: true });
  let breaking: Armed | null = armedNow === halfGreeting ? halfGreeting() : null;
  let silent = false;
  upstream.on("error", () => client.destroy()).on("end", () => silent || client.end());
  client.on("close", () => upstream.end()).on("end", () => upstream.end());
  client.on("data", (chunk: Buffer) => {
    const found = armedNow();
    if (silent) return;
    if (found === null || !fits(chunk, found)) {
      upstream.write(chunk);
      return;
    }
    if (found.spent || found.how.forwards) found.reached += 1;
    if (!found.spent) breaking = found;
    if (found.spent || found.how.forwards) upstream.write(chunk);
    else strike(Buffer.alloc(0));
    found.spent = true;
  });
  upstream.on("data", (chunk: Buffer) => {
    if (silent) return;
    if (breaking === null) client.write(chunk);
    else strike(chunk);
  });
  function strike(answer: Buffer): void {
    if (breaking === null) return;
    const { how, struck } = breaking;
    const told = { none: 0, half: Math.floor(answer.length / 2), whole: answer.length }[how.answer];
    silent = true;
    if (told > 0) client.write(answer.subarray(0, told));
    if (how.ends === "end") client.end();
    if (how.ends === "reset") client.resetAndDestroy();
    struck();
  }
}

/** Statements that look for others carry the text of those as a value: only what comes first is the statement. */
function fits(chunk: Buffer, { statement }: Armed): boolean {
  const text = chunk.toString("latin1");
  const at = text.indexOf(ownMarker);
  return at >= 0 && statement.test(text.slice(at + ownMarker.length + 1));
}
