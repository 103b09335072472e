import { Resolver } from "node:dns/promises";
import { plain } from "./name-value.ts";

/** The name server answered: there is no such record, or no such name. */
const nothing = ["ENODATA", "ENOTFOUND"];

/**
 * Where a CNAME leads by the resolver of this machine: in the VPC that of its clients, with what it
 * has cached. It is not connected to by the name: the certificate of RDS names its own endpoint alone.
 * Null: it leads nowhere. Throws where no name server has said so.
 */
export async function resolveName(name: string, signal?: AbortSignal): Promise<string | null> {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  const cancel = () => resolver.cancel();
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    const [next] = await resolver.resolveCname(name);
    return next === undefined ? null : plain(next);
  } catch (error) {
    if (error instanceof Error && "code" in error && nothing.includes(String(error.code))) return null;
    throw error;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}
