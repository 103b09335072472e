/** What Kubernetes makes names of: no vowels and nothing that looks like one. */
const podSuffix = /-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/;
const uuid = /(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])/gi;
/** "6e02a63": with a digit, or "facade" would be one. */
const hex = /(?<![0-9a-z])(?=[a-f]*[0-9])[0-9a-f]{4,}(?![0-9a-z])/gi;

/**
 * A name without what differs between instances of one program (digits, hex, uuids, the suffix of a pod): "thumbnailer-*"
 * for thumbnailer-6e02a63 and thumbnailer-24840fb.
 */
export function nameStem(name: string): string {
  return name.replace(uuid, "*").replace(podSuffix, "-*").replace(hex, "*").replace(/\d+/g, "*");
}
