import { AwsError, messageOf, SqlError } from "../errors.ts";
import type { Effect } from "./effect.ts";
import type { EffectOf, FailoverPorts } from "./ports.ts";
import type { Answer } from "./turn.ts";

/** Sends one effect, once. What was saved before says that it may have been. */
export async function carryOut(effect: Effect, ports: FailoverPorts, signal?: AbortSignal): Promise<Answer> {
  const { key } = effect;
  try {
    await send(effect, ports, signal);
    return { key, is: "done", says: null };
  } catch (error) {
    const refused =
      (error instanceof AwsError && error.refused) ||
      (error instanceof SqlError && error.kind === "permission");
    return { key, is: refused ? "refused" : "unknown", says: messageOf(error) };
  }
}

async function send(effect: Effect, ports: FailoverPorts, signal: AbortSignal | undefined): Promise<void> {
  const { controlPlane, door, lock, names, voice } = ports;
  const { stamp } = effect;
  switch (effect.kind) {
    case "take-lock":
      await lock.take(effect.group, stamp.run, signal);
      return;
    case "release-lock":
      return lock.release(effect.group, stamp.run, signal, stamp.token === 0 ? undefined : stamp.token);
    case "free-lock":
      return lock.release(effect.group, effect.holder, signal, effect.token);
    case "ask":
      return voice.ask(effect, signal);
    case "tell":
      await voice.tell(effect.message, effect.thread, signal);
      return;
    case "announce":
      return voice.announce(effect, signal);
    case "wall":
    case "unwall":
      return controlPlane.setSecurityGroups(effect.node, effect.groups, stamp, signal);
    case "restart":
      return controlPlane.restart(effect.node, stamp, signal);
    case "fence":
      return door.fence(effect.node, stamp, signal);
    case "unfence":
      return door.unfence(effect.node, stamp, signal);
    case "execute":
      return move(effect, ports, signal);
    case "point":
      return names.point(effect.name, effect.to, stamp, signal);
    case "rebuild":
      return controlPlane.createReplica(effect.source, effect.id, stamp, signal);
    case "tag":
      return controlPlane.tag(effect.node, effect.tag, effect.value, stamp, signal);
    default:
      return effect satisfies never;
  }
}

function move(
  { method, of, candidate, stamp }: EffectOf<"execute">,
  { controlPlane }: FailoverPorts,
  signal: AbortSignal | undefined,
): Promise<void> {
  switch (method) {
    case "promote-replica":
      return controlPlane.promoteReplica(of, stamp, signal);
    case "fail-over-cluster":
      return controlPlane.failOverCluster(of, candidate, stamp, signal);
    case "reboot-with-failover":
      return controlPlane.rebootWithFailover(of, stamp, signal);
    case "switch-over-global":
      return controlPlane.switchOverGlobal(of, candidate ?? "", stamp, signal);
    case "fail-over-global":
      return controlPlane.failOverGlobal(of, candidate ?? "", stamp, signal);
    default:
      return method satisfies never;
  }
}
