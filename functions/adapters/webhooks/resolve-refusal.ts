import { lookup } from "node:dns/promises";
import { messageOf } from "../../core/errors.ts";
import { addressRefusal, type Reach, urlRefusal } from "./called-address.ts";

/** Where the address leads just now. Null: it may be called; the call judges once more by what it then connects to. */
export async function resolveRefusal({
  url: address,
  ...reach
}: Reach & { readonly url: string }): Promise<string | null> {
  const url = URL.parse(address);
  if (url === null) return "it is no address";
  const own = urlRefusal(url, reach);
  if (own !== null) return own;
  try {
    const found = await lookup(url.hostname.replace(/^\[(.*)\]$/, "$1"), { all: true });
    const why = found.map((one) => addressRefusal(one.address, reach)).find((one) => one !== null);
    return why === undefined || why === null ? null : `${url.hostname} leads to ${why}`;
  } catch (error) {
    return `${url.hostname} could not be found (${messageOf(error)})`;
  }
}
