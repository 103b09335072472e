import { Resolver } from "node:dns/promises";
import { plain } from "./name-value.ts";

/**
 * Where a CNAME leads by the resolver of this machine: in the VPC that of its clients, with what it
 * has cached. It is not connected to by the name: the certificate of RDS names its own endpoint alone.
 */
export async function resolveName(name: string, signal?: AbortSignal): Promise<string | null> {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  const cancel = () => resolver.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const [next] = await resolver.resolveCname(name);
    return next === undefined ? null : plain(next);
  } catch {
    return null;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
