import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";

/**
 * Where no request of ours may ever go: the metadata of the machine that runs it, and what is no single host.
 * https://www.iana.org/assignments/iana-ipv4-special-registry https://www.iana.org/assignments/iana-ipv6-special-registry
 */
const never = listOf(
  [
    ["0.0.0.0", 8],
    ["169.254.0.0", 16],
    ["192.0.0.0", 24],
    ["224.0.0.0", 3],
  ],
  [
    ["::", 96],
    ["64:ff9b::", 96],
    ["64:ff9b:1::", 48],
    ["100::", 64],
    ["2001::", 32],
    ["2002::", 16],
    ["fd00:ec2::", 32],
    ["fe80::", 10],
    ["ff00::", 8],
  ],
);

/** Inside a network, or nobody's. */
const inside = listOf(
  [
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["172.16.0.0", 12],
    ["192.0.2.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["198.51.100.0", 24],
    ["203.0.113.0", 24],
  ],
  [
    ["2001:db8::", 32],
    ["3fff::", 20],
    ["5f00::", 16],
    ["fc00::", 7],
    ["fec0::", 10],
  ],
);

/** The machine itself: where a function of Lambda runs, its Runtime API listens there. */
const loopback = listOf([["127.0.0.0", 8]], [["::1", 128]]);

/** How far inside a request may go. */
export interface Reach {
  readonly allowPrivate: boolean;
  /** Of tests, whose application is on the machine itself: it counts as inside. Nobody can set it by a setting. */
  readonly loopbackIsInside?: boolean;
}

type Subnets = readonly (readonly [string, number])[];

function listOf(four: Subnets, six: Subnets): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of four) list.addSubnet(net, prefix, "ipv4");
  for (const [net, prefix] of six) list.addSubnet(net, prefix, "ipv6");
  return list;
}

/** An address may not be called; the message says why. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/** Null: it may be called. An IPv4 address in the dress of an IPv6 one is judged as what it is. */
export function addressRefusal(
  address: string,
  { allowPrivate, loopbackIsInside = false }: Reach,
): string | null {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  const isOwn = loopback.check(address, family);
  if (isOwn ? !loopbackIsInside : never.check(address, family))
    return `${address} is an address that is never called`;
  if ((isOwn || inside.check(address, family)) && !allowPrivate)
    return `${address} is an address inside a network, and policy.webhooks.allowPrivate is not set`;
  return null;
}

/** Null: nothing of the address itself speaks against it. A host that is no name is never looked up, so it is judged here. */
export function urlRefusal(url: URL, reach: Reach): string | null {
  if (url.username !== "" || url.password !== "") return "the address carries a user or a password";
  if (url.protocol !== "https:" && !(url.protocol === "http:" && reach.allowPrivate))
    return "the address is not https";
  const literal = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(literal) === 0 ? null : addressRefusal(literal, reach);
}

/** Judges the very addresses that the connection then goes to: a name may lead elsewhere a moment later. */
export function lookupAllowed(reach: Reach): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const why = found.map(({ address }) => addressRefusal(address, reach)).find((one) => one !== null);
      if (why !== undefined && why !== null)
        return done(new AddressRefused(`${hostname} leads to ${why}`), []);
      if (options.all === true) return done(null, found);
      const [first] = found;
      return first === undefined
        ? done(new AddressRefused(`${hostname} leads nowhere`), [])
        : done(null, first.address, first.family);
    });
  };
}
