import { connect, type Socket } from "node:net";

export type Direction = "to-database" | "from-database";

/** One client's connection. What is cut is neither passed on nor answered: both sides wait, as on a broken network. */
export interface Flow {
  obey(cut: ReadonlySet<Direction>): void;
  destroy(): void;
}

export interface FlowOptions {
  readonly client: Socket;
  /** Null while no engine runs there. */
  readonly target: () => number | null;
  readonly cut: ReadonlySet<Direction>;
  readonly ended: () => void;
}

export function startFlow({ client, target, cut, ended }: FlowOptions): Flow {
  let upstream: Socket | null = null;
  let state = cut;
  let over = false;
  let broken = false;
  const finish = () => {
    if (over) return;
    over = true;
    client.resetAndDestroy();
    upstream?.resetAndDestroy();
    ended();
  };
  // The news of an end does not cross a broken network either.
  const lost = () => {
    broken = true;
    if (state.size === 0) finish();
  };
  const establish = () => {
    const port = target();
    if (port === null) return finish();
    upstream = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
    for (const socket of [client, upstream]) socket.on("error", lost);
    upstream.on("close", lost);
    apply(client, upstream, state);
  };
  client.on("error", lost);
  client.on("close", lost);
  if (cut.size === 0) establish();
  return {
    obey: (next) => {
      state = next;
      if (over) return;
      if (next.size === 0 && broken) return finish();
      // Nothing is established over half a network: a handshake goes both ways.
      if (upstream !== null) apply(client, upstream, next);
      else if (next.size === 0) establish();
    },
    destroy: finish,
  };
}

function apply(client: Socket, upstream: Socket, cut: ReadonlySet<Direction>): void {
  pass(client, upstream, !cut.has("to-database"));
  pass(upstream, client, !cut.has("from-database"));
}

function pass(from: Socket, to: Socket, open: boolean): void {
  from.unpipe(to);
  if (open) from.pipe(to);
  else from.pause();
}
